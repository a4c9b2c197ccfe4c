import HTTPTypes
import Hummingbird
import NIOCore
import Uplink

/// Answers with the picture of where an object's pieces are.
struct MapAnswer {
    let opened: OpenedLink
    let link: SharedLink

    /// - Throws: `UplinkError`.
    func response() async throws -> Response {
        var map = PieceMap()
        for try await segment in opened.project.health(bucket: link.bucket, key: link.key) {
            guard map.add(segment) else { break }
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "image/svg+xml", .cacheControl: "private, max-age=60",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: PieceMapPicture(map: map).svg)))
    }
}
