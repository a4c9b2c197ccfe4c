package import HTTPTypes
package import S3Protocol
package import StorageModel
package import Uplink

/// How a write wants its object to be locked.
package struct LockRequest: Hashable, Sendable {
    package let retention: Retention?
    package let isHeld: Bool

    /// Nothing to lock.
    package static let none = LockRequest(retention: nil, isHeld: false)

    private init(retention: Retention?, isHeld: Bool) {
        self.retention = retention
        self.isHeld = isHeld
    }

    /// Reads `x-amz-object-lock-…`.
    ///
    /// - Throws: `InvalidArgument` for half a retention, an unknown mode or status, or a date that has passed.
    package init(_ headers: HTTPFields, at now: Timestamp) throws(S3Error) {
        switch headers[.lockHold] {
        case nil, "OFF": isHeld = false
        case "ON": isHeld = true
        default:
            throw S3Error(.invalidArgument, "Legal Hold must be either of 'ON' or 'OFF'")
        }
        let (mode, until) = (headers[.lockMode], headers[.lockUntil])
        guard mode != nil || until != nil else {
            retention = nil
            return
        }
        guard let mode, let until else {
            throw S3Error(
                .invalidArgument, "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied")
        }
        guard let mode = RetentionMode(rawValue: mode) else {
            throw S3Error(.invalidArgument, "Unknown wormMode directive.")
        }
        guard let until = S3Date.parseISO8601(until) ?? S3Date.parseHTTP(until) else {
            throw S3Error(.invalidArgument, "The retain until date must be provided in ISO 8601 format")
        }
        guard until > now else { throw S3Error(.invalidArgument, "The retain until date must be in the future!") }
        retention = Retention(mode, until)
    }

    /// Whether nothing is to be locked.
    package var isEmpty: Bool { retention == nil && !isHeld }
}

extension Retention {
    init(_ mode: RetentionMode, _ until: Timestamp) {
        self.init(mode: mode == .compliance ? .compliance : .governance, until: until.s3Date)
    }
}
