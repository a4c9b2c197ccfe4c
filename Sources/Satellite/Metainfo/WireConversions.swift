import Foundation
import Metabase
import StorageModel
import WireMessages

/// From our values to the wire's and back, where both sides mean the same.
extension Metainfo_RedundancyScheme {
    init(_ scheme: RedundancyScheme) {
        self.init()
        type = .reedSolomon
        minReq = Int32(scheme.requiredShares)
        total = Int32(scheme.totalShares)
        repairThreshold = Int32(scheme.repairShares)
        successThreshold = Int32(scheme.optimalShares)
        erasureShareSize = Int32(scheme.shareSize)
    }
}

extension Metainfo_EncryptionParameters {
    init(cipher: Int32, blockSize: Int64) {
        self.init()
        cipherSuite = Metainfo_CipherSuite(rawValue: Int(cipher)) ?? .unspecified
        self.blockSize = blockSize
    }

    init(_ encryption: ObjectEncryption) {
        self.init(cipher: encryption.cipherSuite, blockSize: encryption.blockSize)
    }
}

extension Metainfo_SegmentPosition {
    init(_ position: SegmentPosition) {
        self.init()
        partNumber = position.part
        index = position.index
    }

    /// The position, refused when a number is negative.
    func validated() throws -> SegmentPosition {
        guard index >= 0 else { throw Refusal.invalid("segment index must be greater then 0") }
        guard let position = SegmentPosition(part: partNumber, index: index) else {
            throw Refusal.invalid("part number must not be negative")
        }
        return position
    }
}

extension Metainfo_Retention {
    init(_ retention: Retention) {
        self.init()
        mode = retention.mode == .compliance ? .compliance : .governance
        retainUntil = Wire_Timestamp(retention.retainUntil)
    }

    /// The retention, nil when the message says that there is none.
    func validated(now: Timestamp) throws -> Retention? {
        let until = try Wire_Timestamp.value(hasRetainUntil ? retainUntil : nil)
        let mode: RetentionMode
        switch self.mode {
        case .compliance: mode = .compliance
        case .governance: mode = .governance
        default:
            guard until == nil else { throw Refusal.invalid("retention has a time but no mode") }
            return nil
        }
        guard let until else { throw Refusal.invalid("retention has a mode but no time") }
        guard until > now else { throw Refusal.invalid("retention period expiration time must not be in the past") }
        return Retention(mode: mode, retainUntil: until.truncatedToMicroseconds)
    }
}

extension Metainfo_Object.Status {
    init(_ status: ObjectStatus) {
        switch status {
        case .committedUnversioned: self = .committedUnversioned
        case .committedVersioned: self = .committedVersioned
        case .deleteMarkerVersioned: self = .deleteMarkerVersioned
        case .deleteMarkerUnversioned: self = .deleteMarkerUnversioned
        }
    }
}

extension Metainfo_Range {
    /// The range a client asks for; what starts at the beginning and is open means all, also of an empty object.
    var plainRange: PlainRange {
        switch kind {
        case .start(let range) where range.plainStart <= 0: .whole
        case .startLimit(let range): .startLimit(range.plainStart, range.plainLimit)
        case .start(let range): .start(range.plainStart)
        case .suffix(let range): .suffix(range.plainSuffix)
        case nil: .whole
        }
    }
}

extension Data {
    /// The text of a bucket's name; bytes that are no text name no bucket.
    var bucketName: String { String(decoding: self, as: UTF8.self) }
}
