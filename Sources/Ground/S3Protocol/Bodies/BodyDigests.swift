/// Digests to compute over a body as it flows.
package struct BodyDigests: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let crc32 = BodyDigests(rawValue: 1)
    package static let crc32c = BodyDigests(rawValue: 2)
    package static let crc64nvme = BodyDigests(rawValue: 4)
    package static let sha1 = BodyDigests(rawValue: 8)
    package static let sha256 = BodyDigests(rawValue: 16)
    /// For the entity tag.
    package static let md5 = BodyDigests(rawValue: 32)

    /// The one of an algorithm.
    package init(_ algorithm: ChecksumAlgorithm) {
        switch algorithm {
        case .crc32: self = .crc32
        case .crc32c: self = .crc32c
        case .crc64nvme: self = .crc64nvme
        case .sha1: self = .sha1
        case .sha256: self = .sha256
        }
    }
}
