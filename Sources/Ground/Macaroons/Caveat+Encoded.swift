import Foundation
import StorageModel
import WireMessages

extension Caveat {
    /// Flags and the fields of the message that carry them.
    private static var flags: [(flag: Disallowed, field: WritableKeyPath<Macaroon_Caveat, Bool>)] {
        [
            (.reads, \.disallowReads),
            (.writes, \.disallowWrites),
            (.lists, \.disallowLists),
            (.deletes, \.disallowDeletes),
            (.locks, \.disallowLocks),
            (.putRetention, \.disallowPutRetention),
            (.getRetention, \.disallowGetRetention),
            (.putLegalHold, \.disallowPutLegalHold),
            (.getLegalHold, \.disallowGetLegalHold),
            (.bypassGovernanceRetention, \.disallowBypassGovernanceRetention),
            (.putBucketObjectLockConfiguration, \.disallowPutBucketObjectLockConfiguration),
            (.getBucketObjectLockConfiguration, \.disallowGetBucketObjectLockConfiguration),
            (.putBucketNotificationConfiguration, \.disallowPutBucketNotificationConfiguration),
            (.getBucketNotificationConfiguration, \.disallowGetBucketNotificationConfiguration),
        ]
    }

    /// Reads the bytes of a caveat; fields this version does not know are skipped.
    ///
    /// - Throws: `.malformed` when the bytes are no caveat or a time in it is out of range.
    package init(encoded: some Collection<UInt8>) throws(APIKeyError) {
        let message: Macaroon_Caveat
        do { message = try Macaroon_Caveat.parse(encoded) } catch { throw .malformed("unreadable caveat") }
        self.init()
        for (flag, field) in Self.flags where message[keyPath: field] { disallowed.insert(flag) }
        allowedPaths = message.allowedPaths.map {
            AllowedPath(bucket: Array($0.bucket), encryptedPrefix: Array($0.encryptedPathPrefix))
        }
        // A bound that is there counts, even the year 1 that other messages read as "not set".
        if message.hasNotAfter { notAfter = try Self.timestamp(message.notAfter) }
        if message.hasNotBefore { notBefore = try Self.timestamp(message.notBefore) }
        if message.hasMaxObjectTtl { maximumObjectTTL = try Self.duration(message.maxObjectTtl) }
        nonce = Array(message.nonce)
    }

    /// The bytes to sign and send: fields in order of their numbers, defaults left out.
    package var encoded: [UInt8] {
        var message = Macaroon_Caveat()
        for (flag, field) in Self.flags where disallowed.contains(flag) { message[keyPath: field] = true }
        message.allowedPaths = allowedPaths.map { place in
            var path = Macaroon_Caveat.Path()
            path.bucket = Data(place.bucket)
            path.encryptedPathPrefix = Data(place.encryptedPrefix)
            return path
        }
        if let notAfter { message.notAfter = Self.message(notAfter) }
        if let notBefore { message.notBefore = Self.message(notBefore) }
        if let maximumObjectTTL {
            let parts = maximumObjectTTL.components
            message.maxObjectTtl.seconds = parts.seconds
            message.maxObjectTtl.nanos = Int32(parts.attoseconds / 1_000_000_000)
        }
        message.nonce = Data(nonce)
        do { return try message.encoded() } catch {
            preconditionFailure("a message without required fields and of ordinary size always encodes")
        }
    }

    private static func timestamp(_ message: Wire_Timestamp) throws(APIKeyError) -> Timestamp {
        guard let timestamp = Timestamp(seconds: message.seconds, nanoseconds: message.nanos) else {
            throw .malformed("caveat with a time out of range")
        }
        return timestamp
    }

    private static func message(_ timestamp: Timestamp) -> Wire_Timestamp {
        var message = Wire_Timestamp()
        message.seconds = timestamp.seconds
        message.nanos = timestamp.nanoseconds
        return message
    }

    /// The range in which the reference implementation's durations fit, 64 bits of nanoseconds.
    private static func duration(_ message: Wire_Duration) throws(APIKeyError) -> Duration {
        guard (-9_223_372_036...9_223_372_036).contains(message.seconds),
            (-999_999_999...999_999_999).contains(message.nanos),
            message.seconds == 0 || message.nanos == 0 || (message.seconds < 0) == (message.nanos < 0)
        else { throw .malformed("caveat with a duration out of range") }
        return .seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
    }
}
