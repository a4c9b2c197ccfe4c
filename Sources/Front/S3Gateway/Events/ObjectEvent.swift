package import Foundation

/// Something that happened to an object.
package struct ObjectEvent: Sendable {
    package let name: EventName
    package let key: String
    /// Bytes of content; nil where there is none, as for what was removed.
    package let size: Int64?
    /// Without quotes; nil where there is none.
    package let entityTag: String?
    /// As S3 writes it; nil in a bucket without versions.
    package let versionID: String?
    package let time: Date
    /// Orders the events of one key: later ones are greater.
    package let sequencer: UInt64

    package init(
        name: EventName, key: String, size: Int64? = nil, entityTag: String? = nil, versionID: String? = nil,
        time: Date, sequencer: UInt64
    ) {
        self.name = name
        self.key = key
        self.size = size
        self.entityTag = entityTag
        self.versionID = versionID
        self.time = time
        self.sequencer = sequencer
    }
}
