import StorageModel
import WireMessages

/// The refusals that are part of the protocol: codes and texts clients depend on.
///
/// - Source: protocol document 2 §3.4–3.6.
enum Refusal {
    static let unimplemented = RPCStatusError(.unimplemented, "Unimplemented")
    static let unknownBatchItem = RPCStatusError(.unknown, "unsupported request type")
    static let unknownCompression = RPCStatusError(.unknown, "unsupported compression")

    // Who asks
    static let invalidCredentials = RPCStatusError(.invalidArgument, "Invalid API credentials")
    static let unauthorized = RPCStatusError(.permissionDenied, "Unauthorized API credentials")
    static let accessDisabled = RPCStatusError(.permissionDenied, "All access disabled")
    static let overwriteDenied = RPCStatusError(
        .permissionDenied, "permission denied: no permissions to delete existing object")
    static let revocationDenied = RPCStatusError(.permissionDenied, "Unauthorized attempt to revoke macaroon")
    static let tooManyRequests = RPCStatusError(.resourceExhausted, "Too Many Requests")
    static let usageExceeded = RPCStatusError(.resourceExhausted, "Exceeded Usage Limit")
    static let storageExceeded = RPCStatusError(.resourceExhausted, "Exceeded Storage Limit")
    static let segmentsExceeded = RPCStatusError(.resourceExhausted, "Exceeded Segments Limit")

    // What is not there
    static func bucketNotFound(_ name: [UInt8]) -> RPCStatusError {
        let text = String(decoding: name, as: UTF8.self)
        return RPCStatusError(.notFound, text.isEmpty ? "bucket not found" : "bucket not found: \(text)")
    }
    static let objectNotFound = RPCStatusError(.notFound, "object not found: no such object")
    static let objectChanged = RPCStatusError(.notFound, "object not found: object was changed during copy")
    static let segmentNotFound = RPCStatusError(.notFound, "segment not found: segment missing")
    static let uploadNotFound = RPCStatusError(.notFound, "pending object missing")
    static let abortedUploadNotFound = RPCStatusError(.notFound, "object not found: no such upload")
    static let committedUploadNotFound = RPCStatusError(.notFound, "object not found: no such upload")

    // What stands in the way
    static let bucketExists = RPCStatusError(.alreadyExists, "bucket already exists")
    static let bucketNotEmpty = RPCStatusError(.failedPrecondition, "bucket not empty")
    static let objectExists = RPCStatusError(.failedPrecondition, "failed precondition: object already exists")
    static let deleteMarker = RPCStatusError(.methodNotAllowed, "method not allowed")
    static let unsupportedIfNoneMatch = RPCStatusError(
        .unimplemented, "not implemented: IfNoneMatch only supports a single value of '*'")
    static let otherPlacement = RPCStatusError(
        .invalidArgument, "copying object to bucket with different placement policy is not (yet) supported")
    static let tooFewPieces = RPCStatusError(.internal, "unable to create order limits")

    /// A request that breaks a rule.
    static func invalid(_ rule: String) -> RPCStatusError { RPCStatusError(.invalidArgument, rule) }

    /// A request that could not be decoded.
    static func undecodable(_ text: String) -> RPCStatusError { RPCStatusError(.unknown, text) }

    /// The refusal of a token.
    static func token(_ error: TokenError, code: RPCStatusCode = .invalidArgument) -> RPCStatusError {
        switch error {
        case .truncated: RPCStatusError(code, "unexpected EOF")
        case .forged: RPCStatusError(code, "signature verification: signature is not valid")
        }
    }
}

/// The refusals of Object Lock, which have codes of their own.
///
/// - Source: protocol document 2 §3.6.
enum LockRefusal {
    static let bucketHasNoLock = RPCStatusError(
        .objectLockBucketRetentionConfigurationMissing, "Object Lock is not enabled for this bucket")
    static let objectHasNoRetention = RPCStatusError(
        .objectLockObjectRetentionConfigurationMissing, "object does not have an Object Lock retention configuration")
    static let objectProtected = RPCStatusError(
        .objectLockObjectProtected, "object is protected by Object Lock settings")
    static let cannotSuspendVersioning = RPCStatusError(
        .objectLockInvalidBucketState,
        "bucket has Object Lock enabled: versioning may not be suspended for buckets with Object Lock enabled")
    static let versioningNeeded = RPCStatusError(
        .objectLockInvalidBucketState, "Object Lock may only be enabled for buckets with versioning enabled")
    static func invalidObjectState(_ rule: String) -> RPCStatusError {
        RPCStatusError(.objectLockInvalidObjectState, rule)
    }
    static func invalidConfiguration(_ rule: String) -> RPCStatusError {
        RPCStatusError(.objectLockInvalidBucketRetentionConfiguration, rule)
    }
    static let expiryWithLock = RPCStatusError(
        .objectLockUploadWithTTL, "cannot specify Object Lock settings when uploading with an expiration time")
    static let limitedKeyWithLock = RPCStatusError(
        .objectLockUploadWithTTLAPIKey,
        "cannot specify Object Lock settings when using an API key that enforces an object expiration time")
    static let expiryWithDefaultRetention = RPCStatusError(
        .objectLockUploadWithTTLAndDefaultRetention,
        "cannot upload with an expiration time into a bucket with default Object Lock settings")
    static let limitedKeyWithDefaultRetention = RPCStatusError(
        .objectLockUploadWithTTLAPIKeyAndDefaultRetention,
        "cannot upload into a bucket with default Object Lock settings using an API key that enforces an object "
            + "expiration time")
}
