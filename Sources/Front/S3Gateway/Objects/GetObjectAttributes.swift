import HTTPTypes
import S3Protocol
import Uplink

/// Tells what is known of an object, and of its parts.
///
/// - Source: Amazon S3 API reference, "GetObjectAttributes".
package enum GetObjectAttributes {
    private enum Attribute: String, CaseIterable {
        case entityTag = "ETag"
        case checksum = "Checksum"
        case parts = "ObjectParts"
        case storageClass = "StorageClass"
        case size = "ObjectSize"
    }

    /// Which parts to tell of.
    private struct Page {
        let marker: Int
        let count: Int

        init(_ headers: HTTPFields) throws(S3Error) {
            marker = try Self.number(headers[.partNumberMarker], "part-number-marker") ?? 0
            count = min(1000, try Self.number(headers[.maximumParts], "max-parts") ?? 1000)
        }

        private static func number(_ text: String?, _ name: String) throws(S3Error) -> Int? {
            guard let text else { return nil }
            guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
                throw S3Error(.invalidArgument, "Argument \(name) must be an integer between 0 and 2147483647")
            }
            return number
        }
    }

    package static func run(_ call: S3Call) async throws -> S3Response {
        let request = try ReadRequest(call)
        let wanted = try attributes(call.request.headers)
        let page = try Page(call.request.headers)
        return try await ObjectLookUp.explaining(
            call.project, bucket: request.bucket, key: request.key, version: request.version
        ) { id in
            let found = FoundObject(try await call.project.object(bucket: request.bucket, key: request.key, version: id))
            _ = try request.cipher(found)
            var places: [PartPlaces.Place] = []
            if wanted.contains(.parts), found.facts.isMultipart {
                places = try await PartPlaces(call.project, found, id: id).places
            }
            var headers: HTTPFields = [.lastModified: S3Date.http(found.modified)]
            headers[.versionID] = VersionName.text(of: found.object)
            return .xml(document(found, wanted, places, page), headers: headers)
        }
    }

    private static func attributes(_ headers: HTTPFields) throws(S3Error) -> Set<Attribute> {
        let names = headers[values: .objectAttributes].flatMap { $0.split(separator: ",") }
        var attributes: Set<Attribute> = []
        for name in names {
            guard let attribute = Attribute(rawValue: name.filter { $0 != " " }) else {
                throw S3Error(.invalidArgument, "Invalid attribute name specified.")
            }
            attributes.insert(attribute)
        }
        guard !attributes.isEmpty else {
            throw S3Error(.invalidRequest, "The x-amz-object-attributes header specifying the attributes to be retrieved "
                + "is either missing or empty")
        }
        return attributes
    }

    private static func document(
        _ found: FoundObject, _ wanted: Set<Attribute>, _ places: [PartPlaces.Place], _ page: Page
    ) -> [UInt8] {
        XMLWriter.document("GetObjectAttributesResponse") { writer in
            if wanted.contains(.entityTag) { writer.text("ETag", found.tag.text) }
            if wanted.contains(.checksum), let checksum = found.facts.checksum {
                writer.element("Checksum") { writer in
                    write(checksum, to: &writer)
                    writer.text("ChecksumType", checksum.type.rawValue)
                }
            }
            if !places.isEmpty { write(places, page, to: &writer) }
            if wanted.contains(.storageClass) { writer.text("StorageClass", "STANDARD") }
            if wanted.contains(.size) { writer.number("ObjectSize", found.object.size) }
        }
    }

    private static func write(_ places: [PartPlaces.Place], _ page: Page, to writer: inout XMLWriter) {
        let rest = places.filter { $0.part.number > page.marker }
        let shown = rest.prefix(page.count)
        writer.element("ObjectParts") { writer in
            writer.number("PartsCount", places.count)
            writer.number("PartNumberMarker", page.marker)
            if let last = shown.last { writer.number("NextPartNumberMarker", last.part.number) }
            writer.number("MaxParts", page.count)
            writer.flag("IsTruncated", shown.count < rest.count)
            for place in shown {
                writer.element("Part") { writer in
                    writer.number("PartNumber", place.part.number)
                    writer.number("Size", place.part.size)
                    if let checksum = PartFacts(place.part.entityTag)?.checksum { write(checksum, to: &writer) }
                }
            }
        }
    }

    private static func write(_ checksum: ObjectChecksum, to writer: inout XMLWriter) {
        writer.text("Checksum\(checksum.algorithm.rawValue)", checksum.text)
    }
}
