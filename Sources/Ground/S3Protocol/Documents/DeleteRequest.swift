package import StorageModel
import XML

/// Many objects to be deleted at once.
///
/// - Source: Amazon S3 API reference, "DeleteObjects".
package struct DeleteRequest: Sendable, Hashable {
    /// S3 deletes no more at once.
    package static let maximumCount = 1000

    package struct Item: Sendable, Hashable {
        package let key: String
        package let versionID: String?
        /// Only when the object has this entity tag, as the client wrote it.
        package let entityTag: String?
        /// Only when the object was changed at this time, to the second.
        package let lastModified: Timestamp?
        /// Only when the object has this many bytes.
        package let size: Int64?
    }

    package let items: [Item]
    /// Whether only failures are answered.
    package let isQuiet: Bool

    /// - Throws: `MalformedXML`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "Delete")
        let elements = root.all("Object")
        guard (1...Self.maximumCount).contains(elements.count) else { throw S3Error(.malformedXML) }
        var items: [Item] = []
        for element in elements {
            let lastModified = try element.one("LastModifiedTime")?.value
            let moment = lastModified.flatMap { S3Date.parseISO8601($0) ?? S3Date.parseHTTP($0) }
            guard lastModified == nil || moment != nil else { throw S3Error(.malformedXML) }
            let versionID = try element.one("VersionId")?.value
            items.append(
                Item(
                    key: try element.required("Key").text, versionID: versionID?.isEmpty == true ? nil : versionID,
                    entityTag: try element.one("ETag")?.value, lastModified: moment, size: try element.number("Size")))
        }
        guard items.allSatisfy({ !$0.key.isEmpty }) else { throw S3Error(.userKeyMustBeSpecified) }
        self.items = items
        isQuiet = try root.flag("Quiet") ?? false
    }
}
