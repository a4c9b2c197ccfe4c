package import HTTPTypes
package import HummingbirdCore
package import NIOCore

/// An operation's answer.
package struct S3Response: Sendable {
    /// What is sent behind the headers.
    package enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        /// A stream, of that many bytes when they are known.
        case stream(length: Int64?, @concurrent @Sendable (inout Writer) async throws -> Void)
    }

    /// Takes the parts of a stream; it waits while the client is slow.
    package struct Writer {
        private var out: any ResponseBodyWriter

        package init(_ out: any ResponseBodyWriter) {
            self.out = out
        }

        /// Sends the next part.
        @concurrent package mutating func write(_ bytes: ByteBuffer) async throws {
            try await out.write(bytes)
        }

        /// Says that there is no more.
        @concurrent mutating func finish() async throws {
            try await out.finish(nil)
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
