package import WireMessages

extension UplinkError {
    /// What a refusal of the satellite means.
    ///
    /// - Source: protocol document 1 §3.2, document 2 §3.6.
    package init(_ status: RPCStatusError, about subject: CallSubject) {
        switch status.code {
        case .notFound, .bucketNotFound: self = .missing(status, subject)
        case .alreadyExists: self = .existing(subject)
        case .invalidArgument: self = .invalid(status, subject)
        case .permissionDenied, .unauthenticated: self = .denied(status, subject)
        case .resourceExhausted: self = .exhausted(status, subject)
        case .failedPrecondition: self = .obstructed(status, subject)
        case .unimplemented: self = .notOffered(subject)
        // How a satellite answers that has no such service at all.
        case .unknown where status.message.contains("unknown rpc"): self = .notOffered(subject)
        case .internal where status.message.contains("unable to create order limits"):
            self.init(
                .notEnoughNodes, "cannot \(subject.attempt): too few of the nodes that hold it are online",
                advice: "Try again later")
        case .methodNotAllowed:
            self.init(.objectNotFound, "this version of \(subject.name) is a delete marker and has no content")
        case .bucketNameMissing, .bucketNameInvalid: self = .badBucketName(status, subject)
        case .objectKeyMissing, .objectKeyTooLong: self = .badKey(status, subject)
        case .streamIDInvalid: self = .noUpload(subject)
        case .objectLockObjectProtected:
            self.init(
                .objectLocked, "cannot \(subject.attempt): retention or a legal hold protects it",
                advice: "Wait until the retention ends, or remove the legal hold")
        case .objectLockEndpointsDisabled, .objectLockDisabledForProject, .checksumsUnsupported:
            self.init(
                .unsupported, "cannot \(subject.attempt): \(status.message)",
                advice: "Ask the satellite's operator to enable it for this project")
        case let code where (10_000...10_099).contains(code.rawValue):
            self.init(.invalidArgument, "cannot \(subject.attempt): \(status.message)")
        default:
            self.init(
                .satelliteError, "cannot \(subject.attempt): the satellite answered \(status.shown)",
                advice: status.code == .unavailable || status.code == .internal ? "Try again later" : "")
        }
    }

    private static func missing(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        if status.code == .bucketNotFound || status.message.hasPrefix("bucket not found") {
            let prefix = "bucket not found: "
            let told = status.message.hasPrefix(prefix) ? String(status.message.dropFirst(prefix.count)) : ""
            return .noBucket(told.isEmpty ? subject.bucket ?? "" : told)
        }
        switch subject.operation {
        case .getBucket, .deleteBucket: return .noBucket(subject.bucket ?? "")
        case .uploadPart, .commitUpload, .abortUpload, .listParts, .beginSegment, .commitSegment, .commitObject:
            return .noUpload(subject)
        case .getObject, .downloadObject, .downloadSegment, .deleteObject, .updateMetadata, .getPlacement,
            .getHealth, .getObjectLock, .setObjectLock, .copyObject, .moveObject:
            return .noObject(subject)
        default:
            if status.message.hasPrefix("object not found") { return .noObject(subject) }
            if status.message.hasPrefix("pending object missing") { return .noUpload(subject) }
            return UplinkError(.satelliteError, "cannot \(subject.attempt): \(status.shown)")
        }
    }

    private static func noBucket(_ name: String) -> UplinkError {
        UplinkError(.bucketNotFound, "there is no bucket \"\(name)\"", advice: "Check its name, or create it first")
    }

    private static func noObject(_ subject: CallSubject) -> UplinkError {
        UplinkError(.objectNotFound, "there is no object \(subject.name)")
    }

    private static func noUpload(_ subject: CallSubject) -> UplinkError {
        UplinkError(
            .uploadNotFound, "there is no such pending upload of \(subject.name)",
            advice: "It was committed, aborted or has expired; begin a new one")
    }

    private static func existing(_ subject: CallSubject) -> UplinkError {
        subject.operation == .createBucket
            ? UplinkError(.bucketAlreadyExists, "there is already a bucket \"\(subject.bucket ?? "")\"")
            : UplinkError(.objectAlreadyExists, "there is already an object \(subject.name)")
    }

    private static func invalid(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        if status.message == "Invalid API credentials" {
            return UplinkError(
                .invalidAccess, "the satellite cannot read the API key of the access grant",
                advice: "Make a new access grant")
        }
        if subject.operation == .createBucket { return badBucketName(status, subject) }
        if status.message.contains("key length is too big") { return badKey(status, subject) }
        return UplinkError(.invalidArgument, "cannot \(subject.attempt): \(status.shown)")
    }

    private static func denied(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        if status.message.contains("no permissions to delete existing object") {
            return UplinkError(
                .permissionDenied, "the access grant does not allow replacing \(subject.name)",
                advice: "Use another key, or a grant that may delete")
        }
        if subject.operation == .revokeAccess {
            return UplinkError(
                .permissionDenied, "this access grant cannot revoke the other one",
                advice: "Only a grant from which the other one was shared can revoke it")
        }
        return UplinkError(
            .permissionDenied, "the access grant does not allow to \(subject.attempt)",
            advice: "Use a grant with this permission; this one may also have expired or been revoked")
    }

    private static func exhausted(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        if status.message.hasSuffix("Too Many Requests") {
            return UplinkError(
                .tooManyRequests, "cannot \(subject.attempt): the satellite takes no more requests just now",
                advice: "Try again in a second, or do less at the same time")
        }
        let limit =
            if status.message.contains("Exceeded Storage Limit") {
                "storage"
            } else if status.message.contains("Exceeded Segments Limit") {
                "segment"
            } else if status.message.hasSuffix("Exceeded Usage Limit") {
                "bandwidth"
            } else {
                ""
            }
        if limit.isEmpty {
            return UplinkError(.limitExceeded, "cannot \(subject.attempt): \(status.shown)")
        }
        return UplinkError(
            .limitExceeded, "cannot \(subject.attempt): the project's \(limit) limit is reached",
            advice: limit == "bandwidth"
                ? "Wait until the next month or have the limit raised"
                : "Delete something or have the limit raised")
    }

    private static func obstructed(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        if subject.operation == .deleteBucket {
            return UplinkError(
                .bucketNotEmpty, "bucket \"\(subject.bucket ?? "")\" is not empty",
                advice: "Delete its objects and pending uploads first, or the bucket together with them")
        }
        if status.message.contains("object already exists") { return existing(subject) }
        if status.message.contains("not enough nodes") || subject.operation == .beginSegment {
            return UplinkError(
                .notEnoughNodes, "cannot \(subject.attempt): the satellite has too few nodes to offer",
                advice: "Try again later")
        }
        return UplinkError(.invalidArgument, "cannot \(subject.attempt): \(status.shown)")
    }

    private static func notOffered(_ subject: CallSubject) -> UplinkError {
        UplinkError(.unsupported, "cannot \(subject.attempt): the satellite does not offer this")
    }

    private static func badBucketName(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        UplinkError(
            .bucketNameInvalid, "\"\(subject.bucket ?? "")\" cannot be the name of a bucket: \(status.shown)",
            advice: "Use 3 to 63 lower-case letters, digits, dots and hyphens")
    }

    private static func badKey(_ status: RPCStatusError, _ subject: CallSubject) -> UplinkError {
        UplinkError(
            .objectKeyInvalid, "not a possible key: \(subject.name): \(status.shown)",
            advice: "Encrypted keys have at most 4000 bytes; shorten the key")
    }
}

extension RPCStatusError {
    /// The text, or the code when there is none; cut to a length that fits a message.
    fileprivate var shown: String {
        let text = message.prefix(400)
        return text.isEmpty ? "status \(code)" : String(text)
    }
}
