package import HTTPTypes

/// A refusal, as S3 words it: what an operation throws and a client reads.
package struct S3Error: Error, Sendable, Hashable {
    package let code: S3ErrorCode
    /// What a person reads.
    package let message: String
    /// The answer's status; the code's usual one unless told otherwise.
    package var status: HTTPResponse.Status
    /// Further elements of the XML, in order: `("BucketName", "photos")`.
    package var details: [Detail]
    /// Further headers of the answer.
    package var headers: HTTPFields

    /// One further element of the XML.
    package struct Detail: Sendable, Hashable {
        package let name: String
        package let text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// - Parameters:
    ///   - message: the code's usual one when nil.
    ///   - status: the code's usual one when nil.
    package init(
        _ code: S3ErrorCode, _ message: String? = nil, status: HTTPResponse.Status? = nil, details: [Detail] = [],
        headers: HTTPFields = [:]
    ) {
        self.code = code
        self.message = message ?? code.message
        self.status = status ?? code.status
        self.details = details
        self.headers = headers
    }

    /// The answer's body.
    ///
    /// - Parameters:
    ///   - resource: the path that was asked for; nil for none.
    ///   - requestID: what the answer's `x-amz-request-id` says.
    ///   - hostID: what the answer's `x-amz-id-2` says.
    /// - Source: Amazon S3 API reference, "Error responses".
    package func xml(resource: String?, requestID: String, hostID: String) -> [UInt8] {
        var writer = XMLWriter()
        writer.element("Error") { writer in
            writer.text("Code", code.rawValue)
            writer.text("Message", message)
            for detail in details { writer.text(detail.name, detail.text) }
            if let resource { writer.text("Resource", resource) }
            writer.text("RequestId", requestID)
            writer.text("HostId", hostID)
        }
        return writer.bytes
    }
}

extension S3Error: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}
