package import HTTPTypes
package import NIOCore
package import S3Protocol

/// An operation's answer.
package struct S3Response: Sendable {
    /// What is sent behind the headers.
    package enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        /// A stream, of that many bytes when they are known.
        case stream(length: Int64?, @Sendable (inout Writer) async throws -> Void)
    }

    /// Takes the parts of a stream; it waits while the client is slow.
    package struct Writer {
        let write: @Sendable (ByteBuffer) async throws -> Void

        package mutating func write(_ bytes: ByteBuffer) async throws {
            try await write(bytes)
        }
    }

    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: Body

    package init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An XML document.
    package static func xml(
        _ document: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> S3Response {
        var headers = headers
        headers[.contentType] = "application/xml"
        return S3Response(status: status, headers: headers, body: .bytes(ByteBuffer(bytes: document)))
    }

    /// Sets a header by its name.
    package mutating func set(_ name: String, _ value: String?) {
        guard let value, let name = HTTPField.Name(name) else { return }
        headers[name] = value
    }
}
