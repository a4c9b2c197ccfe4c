import HTTPTypes
import S3Protocol
import Uplink

/// Reads an object, a range or a part of it.
///
/// - Source: Amazon S3 API reference, "GetObject".
package enum GetObject {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let request = try ReadRequest(call)
        let project = call.project
        return try await ObjectLookUp.explaining(
            project, bucket: request.bucket, key: request.key, version: request.version
        ) { id in
            var options = DownloadOptions(range: request.downloadRange, version: id)
            var part: (place: PartPlaces.FoundPart, found: FoundObject)?
            if let number = request.part {
                let found = FoundObject(
                    try await project.object(bucket: request.bucket, key: request.key, version: id))
                let place = try await PartPlaces.part(number, found, in: project, id: id)
                options.range = .bytes(place.range)
                part = (place, found)
            }
            let download = try await project.download(bucket: request.bucket, key: request.key, options: options)
            let found = FoundObject(download.object)
            if let part, part.found.tag != found.tag || part.found.modified != found.modified {
                // It was replaced between two questions, and the range is of the old one.
                throw S3Error(.operationAborted)
            }
            if let answer = try request.unmodified(found) { return answer }
            let cipher = try request.cipher(found)
            let bytes = try part?.place.range ?? request.range?.resolve(size: found.object.size)
            let content = try await ObjectContent(download, cipher, in: project, id: id)
            var response = request.response(found, bytes: bytes, part: part?.place)
            if id == nil { response.set("x-amz-expiration", try await call.expiration(of: found)) }
            response.body = .stream(length: Int64(download.range.count)) { writer in
                // Whoever holds the project keeps it open, here until the last byte is on its way.
                defer { withExtendedLifetime(project) {} }
                for try await buffer in content { try await writer.write(buffer) }
            }
            return response
        }
    }
}

/// Tells what a get would, without the content.
///
/// - Source: Amazon S3 API reference, "HeadObject".
package enum HeadObject {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let request = try ReadRequest(call)
        let project = call.project
        return try await ObjectLookUp.explaining(
            project, bucket: request.bucket, key: request.key, version: request.version
        ) { id in
            let found = FoundObject(try await project.object(bucket: request.bucket, key: request.key, version: id))
            var bytes = try request.range?.resolve(size: found.object.size)
            var part: PartPlaces.FoundPart?
            if let number = request.part {
                part = try await PartPlaces.part(number, found, in: project, id: id)
                bytes = part?.range
            }
            if let answer = try request.unmodified(found) { return answer }
            _ = try request.cipher(found)
            var response = request.response(found, bytes: bytes, part: part)
            if id == nil { response.set("x-amz-expiration", try await call.expiration(of: found)) }
            response.headers[.contentLength] = "\(bytes.map { Int64($0.count) } ?? found.object.size)"
            return response
        }
    }
}
