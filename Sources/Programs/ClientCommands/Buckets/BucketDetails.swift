import Foundation
import Uplink

/// What is known of a bucket.
struct BucketDetails: Details {
    let bucket: String
    let createdAt: Date?
    let attribution: String?
    let versioning: String?
    let location: String?

    /// Asks for everything; what the satellite does not tell, or the grant may not know, is left out.
    init(_ name: String, in project: Project) async throws {
        let found = try await project.bucket(name)
        bucket = found.name
        createdAt = found.createdAt
        attribution = found.attribution.isEmpty ? nil : found.attribution
        versioning = try await Self.optional { try await project.versioning(ofBucket: name).name }
        let place = try await Self.optional { try await project.location(ofBucket: name) }
        location = place?.isEmpty == true ? nil : place
    }

    private static func optional<Value>(_ ask: () async throws -> Value) async throws -> Value? {
        do { return try await ask() } catch let error as UplinkError
            where [.unsupported, .permissionDenied, .satelliteError].contains(error.code)
        {
            // Not every satellite and grant tells; the bucket itself was found.
            return nil
        }
    }

    func facts(show: (Date) -> String) -> [(name: String, value: String)] {
        var facts: [(String, String)] = [("bucket", RemotePath(bucket: bucket).description)]
        if let createdAt { facts.append(("created", show(createdAt))) }
        if let attribution { facts.append(("created by", attribution)) }
        if let versioning { facts.append(("versioning", versioning)) }
        if let location { facts.append(("location", location)) }
        return facts
    }
}
