import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// Tells until when an object is locked.
package enum GetObjectRetention {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let found = try await ObjectLocking.run(call) { bucket, key, id in
            try await call.project.retention(bucket: bucket, key: key, version: id)
        }
        guard let found else { throw S3Error(.noSuchObjectLockConfiguration) }
        let mode: RetentionMode = found.mode == .compliance ? .compliance : .governance
        return .xml(ObjectRetention(mode: mode, until: .init(s3: found.until)).xml())
    }
}

/// Locks an object until a date, or changes that.
package enum PutObjectRetention {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let wanted = try ObjectRetention.parse(xml: try await call.document())
        let now = call.gateway.clock.now()
        if let wanted, wanted.until <= now {
            throw S3Error(.invalidArgument, "The retain until date must be in the future!")
        }
        let bypasses = BypassGovernance.isAsked(call.request.headers)
        let retention = wanted.map { Retention($0.mode, $0.until) }
        try await ObjectLocking.run(call) { bucket, key, id in
            if !bypasses, let retention, retention.mode == .compliance {
                // The satellite takes a stricter mode for no loss of governance; S3 lets nobody change it unasked.
                let old = try await call.project.retention(bucket: bucket, key: key, version: id)
                if let old, old.mode == .governance, old.until > now.s3Date { throw S3Error(.accessDenied) }
            }
            try await call.project.setRetention(
                retention, bucket: bucket, key: key, version: id, bypassesGovernance: bypasses)
        }
        return S3Response()
    }
}

/// Tells whether an object is under legal hold.
package enum GetObjectLegalHold {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let isHeld = try await ObjectLocking.run(call) { bucket, key, id in
            try await call.project.legalHold(bucket: bucket, key: key, version: id)
        }
        return .xml((isHeld ? LegalHold.on : .off).xml())
    }
}

/// Puts an object under legal hold, or takes it away.
package enum PutObjectLegalHold {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let hold = try LegalHold(xml: try await call.document())
        try await ObjectLocking.run(call) { bucket, key, id in
            try await call.project.setLegalHold(hold == .on, bucket: bucket, key: key, version: id)
        }
        return S3Response()
    }
}

/// What the operations on locks have in common.
enum ObjectLocking {
    /// Runs a call about a version's lock, and words its refusals.
    @discardableResult
    static func run<Result>(
        _ call: S3Call, _ body: (_ bucket: String, _ key: String, ObjectVersion?) async throws -> Result
    ) async throws -> Result {
        let (bucket, key) = (try call.bucket, try call.key)
        let version = try VersionName.parse(call.request.query["versionId"])
        do {
            return try await ObjectLookUp.explaining(call.project, bucket: bucket, key: key, version: version) { id in
                try await body(bucket, key, id)
            }
        } catch let error as UplinkError where error.code == .invalidArgument {
            throw S3Error.noLockConfiguration
        }
    }
}
