import S3Protocol
import Uplink

/// Where the parts of an object lie in it.
struct PartPlaces: Sendable {
    struct Place: Sendable {
        let part: Part
        let range: Range<Int64>
    }

    let places: [Place]

    /// Asks the satellite.
    init(_ project: Project, _ found: FoundObject, id: ObjectVersion?) async throws {
        let parts = try await project.parts(bucket: found.object.bucket, key: found.object.key, version: id)
        var offset: Int64 = 0
        places = parts.map { part in
            defer { offset += part.size }
            return Place(part: part, range: offset..<offset + part.size)
        }
        guard offset == found.object.size else {
            // It was replaced between two questions.
            throw S3Error(.operationAborted)
        }
    }

    /// What a reader is told of one part.
    struct FoundPart: Sendable {
        let range: Range<Int64>
        let checksum: ObjectChecksum?
    }

    /// A part; of an object in one piece, all as part 1.
    ///
    /// - Throws: `InvalidPart` for a number it does not have.
    static func part(
        _ number: Int, _ found: FoundObject, in project: Project, id: ObjectVersion?
    ) async throws -> FoundPart {
        guard found.facts.isMultipart else {
            guard number == 1 else { throw missing }
            return FoundPart(range: 0..<found.object.size, checksum: found.facts.checksum)
        }
        let places = try await PartPlaces(project, found, id: id).places
        guard let place = places.first(where: { $0.part.number == number }) else { throw missing }
        return FoundPart(range: place.range, checksum: PartFacts(place.part.entityTag)?.checksum)
    }

    private static let missing = S3Error(
        .invalidPart, "The requested part number is not one of the object's")
}
