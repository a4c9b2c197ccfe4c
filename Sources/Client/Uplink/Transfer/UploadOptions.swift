public import Foundation

/// What is stored beside an object's content, and how.
public struct UploadOptions: Hashable, Sendable {
    /// Names and values attached to the object; encrypted like its content.
    public var metadata: [String: String]
    /// When the object disappears by itself; nil for never.
    public var expires: Date?
    /// Whether an object of this key may be replaced. Otherwise the upload of an existing key ends in
    /// ``UplinkError/Code/objectAlreadyExists``.
    public var overwrites: Bool
    /// Locks the object; the bucket must have object lock.
    public var retention: Retention?
    /// Puts the object under legal hold; the bucket must have object lock.
    public var legalHold: Bool
    /// Attaches a file's modification time, under the name that other tools use, unless the metadata has one.
    public var keepsModificationTime: Bool

    /// Options.
    public init(
        metadata: [String: String] = [:], expires: Date? = nil, overwrites: Bool = true, retention: Retention? = nil,
        legalHold: Bool = false, keepsModificationTime: Bool = true
    ) {
        self.metadata = metadata
        self.expires = expires
        self.overwrites = overwrites
        self.retention = retention
        self.legalHold = legalHold
        self.keepsModificationTime = keepsModificationTime
    }
}
