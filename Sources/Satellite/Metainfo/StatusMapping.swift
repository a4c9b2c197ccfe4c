import Accounts
import Metabase
import Overlay
import WireMessages

/// Which status a client sees of what the rooms below refuse: the one place where that is decided.
///
/// Methods that answer a refusal in their own way catch it themselves before it comes here.
/// - Source: protocol document 2 §3.4 and §3.6.
enum StatusMapping {
    static func status(of error: any Error) -> RPCStatusError {
        switch error {
        case let status as RPCStatusError: status
        case let error as MetabaseError: status(of: error)
        case let error as TokenError: Refusal.token(error)
        case let error as OverlayError: status(of: error)
        case let error as WireMessageError: Refusal.undecodable("\(error)")
        case is CancellationError: RPCStatusError(.canceled, "context canceled")
        default: RPCStatusError(.internal, "internal error")
        }
    }

    private static func status(of error: OverlayError) -> RPCStatusError {
        switch error {
        case .notEnoughNodes(let wanted, let found):
            RPCStatusError(.failedPrecondition, "not enough nodes: requested \(wanted), found \(found)")
        default: RPCStatusError(.internal, "internal error")
        }
    }

    private static func status(of error: MetabaseError) -> RPCStatusError {
        switch error {
        case .bucketNotFound, .bucketExists, .bucketNotEmpty, .bucketLimitReached, .versioningNeverEnabled,
            .versioningRequiredByLock, .lockRequiresVersioning, .bucketLockNotEnabled:
            bucketStatus(of: error)
        case .objectNotFound: Refusal.objectNotFound
        case .methodNotAllowed: Refusal.deleteMarker
        case .objectLocked: LockRefusal.objectProtected
        case .objectStateInvalid: LockRefusal.invalidObjectState("an object that expires cannot be locked")
        case .expiryWithLock: LockRefusal.expiryWithLock
        case .expiryWithDefaultRetention: LockRefusal.expiryWithDefaultRetention
        case .objectExists: Refusal.objectExists
        case .overwriteForbidden: Refusal.overwriteDenied
        case .pendingObjectMissing: Refusal.uploadNotFound
        case .segmentNotFound: Refusal.segmentNotFound
        case .sourceChanged: Refusal.objectChanged
        case .placementMismatch: Refusal.otherPlacement
        case .partTooSmall, .tooManyParts, .tooManySegments, .segmentKeyCountMismatch, .segmentKeyPositionMismatch,
            .metadataKeyMismatch, .invalidRange:
            requestStatus(of: error)
        }
    }

    private static func bucketStatus(of error: MetabaseError) -> RPCStatusError {
        switch error {
        case .bucketNotFound(let name): Refusal.bucketNotFound(Array(name.utf8))
        case .bucketExists: Refusal.bucketExists
        case .bucketNotEmpty: Refusal.bucketNotEmpty
        case .bucketLimitReached(let count):
            RPCStatusError(.resourceExhausted, "number of allocated buckets (\(count)) exceeded")
        case .versioningNeverEnabled:
            RPCStatusError(
                .failedPrecondition,
                "bucket operation conflict: versioning may only be suspended for buckets with versioning enabled")
        case .versioningRequiredByLock: LockRefusal.cannotSuspendVersioning
        case .lockRequiresVersioning: LockRefusal.versioningNeeded
        default: LockRefusal.bucketHasNoLock
        }
    }

    private static func requestStatus(of error: MetabaseError) -> RPCStatusError {
        switch error {
        case .partTooSmall(let part, let size, let minimum):
            RPCStatusError(
                .failedPrecondition,
                "failed precondition: size of part number \(part) is below minimum threshold, "
                    + "got: \(HumanText.size(size)), min: \(HumanText.size(minimum))")
        case .tooManyParts(let count):
            RPCStatusError(
                .failedPrecondition, "failed precondition: exceeded maximum number of parts: \(count)")
        case .tooManySegments: Refusal.invalid("object has too many segments")
        case .segmentKeyCountMismatch(let got, let expected):
            Refusal.invalid(
                "invalid request: wrong number of segments keys received (received \(got), need \(expected))")
        case .segmentKeyPositionMismatch: Refusal.invalid("invalid request: segment keys are for other positions")
        case .invalidRange(let start, let limit): Refusal.invalid("invalid request: invalid range: \(start):\(limit)")
        default:
            Refusal.invalid("invalid request: a new metadata key is needed exactly when the object has metadata")
        }
    }
}
