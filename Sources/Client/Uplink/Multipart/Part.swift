public import Foundation

/// One part of a multipart upload that is stored.
public struct Part: Hashable, Sendable {
    /// Its number, which says where its bytes stand among the others.
    public let number: Int
    /// Bytes of content.
    public let size: Int64
    /// When its last segment was stored; nil when the satellite does not say.
    public let modifiedAt: Date?
    /// What the uploader attached; empty when nothing.
    public let entityTag: [UInt8]

    /// A part.
    public init(number: Int, size: Int64, modifiedAt: Date? = nil, entityTag: [UInt8] = []) {
        self.number = number
        self.size = size
        self.modifiedAt = modifiedAt
        self.entityTag = entityTag
    }
}
