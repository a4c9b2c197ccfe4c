package import NIOCore

/// Takes a form of `multipart/form-data` apart as it flows: first its fields, then the bytes of its file.
///
/// It holds the fields, up to `longestFields` bytes in all, and of the file no more than the last bytes that may belong to
/// a boundary. What follows the file is not looked at.
/// - Source: RFC 7578, RFC 2046 §5.1.1; of Amazon S3 "POST object", by which the file comes last.
package struct FormReader: Sendable {
    /// One field before the file.
    package struct Field: Hashable, Sendable {
        /// In lower case.
        package let name: String
        package let value: String
    }

    /// What the file's own part says.
    package struct File: Hashable, Sendable {
        /// As the browser calls it, without folders; nil when it says nothing.
        package let name: String?
        package let contentType: String?
    }

    private enum State: Hashable, Sendable {
        case preamble
        case headers
        case value(name: String)
        case file
        case ended
    }

    /// Bytes of all fields together that are read before the file.
    package static let longestFields = 20 << 10

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var pending: ByteBuffer
    private var fieldBytes = 0
    /// The fields that have come, in their order.
    package private(set) var fields: [Field] = []
    /// Set once the file begins.
    package private(set) var file: File?

    /// - Parameter contentType: the request's `Content-Type`.
    /// - Throws: `MalformedPOSTRequest` when it names no boundary.
    package init(contentType: String) throws(S3Error) {
        let parameters = contentType.split(separator: ";").dropFirst().map { FormHeader.trimmed($0) }
        let boundary = parameters.first { $0.lowercased().hasPrefix("boundary=") }
            .map { FormHeader.unquoted($0.dropFirst("boundary=".count)) }
        guard let boundary, (1...70).contains(boundary.utf8.count) else { throw Self.malformed }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary has no line end before it, all others have.
        pending = ByteBuffer(string: "\r\n")
    }

    /// Whether all fields have come and the file's bytes follow.
    package var isInFile: Bool { state == .file }

    /// Whether the file has come in full.
    package var isEnded: Bool { state == .ended }

    /// Takes the next bytes of the form.
    ///
    /// - Returns: bytes of the file, perhaps none.
    /// - Throws: `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`, `InvalidArgument` for a form without a file.
    package mutating func receive(_ bytes: ByteBuffer) throws(S3Error) -> ByteBuffer {
        guard state != .ended else { return ByteBuffer() }
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return ByteBuffer() }
            case .headers:
                guard try readHeaders() else { return ByteBuffer() }
            case .value(let name):
                guard try readValue(name) else { return ByteBuffer() }
            case .file:
                return takeFile()
            case .ended:
                return ByteBuffer()
            }
        }
    }

    /// Says that the form is over.
    ///
    /// - Throws: `MalformedPOSTRequest` when it was cut.
    package func finish() throws(S3Error) {
        guard state == .ended else { throw Self.malformed }
    }

    private mutating func skipPreamble() throws(S3Error) -> Bool {
        guard let end = find(delimiter) else {
            try checkFields(pending.readableBytes)
            return false
        }
        pending.moveReaderIndex(forwardBy: end + delimiter.count)
        state = .headers
        return true
    }

    /// The headers of a part, behind its boundary; two hyphens there end the form.
    private mutating func readHeaders() throws(S3Error) -> Bool {
        if pending.readableBytesView.starts(with: Array("--".utf8)) {
            throw S3Error(.invalidArgument, "POST requires exactly one file upload per request.")
        }
        guard let end = find(Array("\r\n\r\n".utf8)) else {
            try checkFields(pending.readableBytes)
            return false
        }
        let text = pending.readString(length: end) ?? ""
        pending.moveReaderIndex(forwardBy: 4)
        fieldBytes += end
        try checkFields(0)
        let header = try FormHeader(text)
        if header.name == "file" {
            file = File(name: header.fileName, contentType: header.contentType)
            state = .file
        } else {
            state = .value(name: header.name)
        }
        return true
    }

    private mutating func readValue(_ name: String) throws(S3Error) -> Bool {
        guard let end = find(delimiter) else {
            try checkFields(pending.readableBytes)
            return false
        }
        fieldBytes += end
        try checkFields(0)
        guard let bytes = pending.readBytes(length: end), let value = String(validating: bytes, as: UTF8.self) else {
            throw Self.malformed
        }
        pending.moveReaderIndex(forwardBy: delimiter.count)
        fields.append(Field(name: name, value: value))
        state = .headers
        return true
    }

    /// What is surely of the file.
    private mutating func takeFile() -> ByteBuffer {
        if let end = find(delimiter) {
            state = .ended
            defer { pending = ByteBuffer() }
            return pending.readSlice(length: end) ?? ByteBuffer()
        }
        // A boundary may have begun in the last bytes.
        let sure = max(0, pending.readableBytes - (delimiter.count - 1))
        let bytes = pending.readSlice(length: sure) ?? ByteBuffer()
        pending = ByteBuffer(buffer: pending)
        return bytes
    }

    private func checkFields(_ more: Int) throws(S3Error) {
        guard fieldBytes + more <= Self.longestFields else { throw S3Error(.maxPostPreDataLengthExceededError) }
    }

    /// Where a text begins in what is pending.
    private func find(_ text: [UInt8]) -> Int? {
        pending.withUnsafeReadableBytes { bytes in
            var start = 0
            while bytes.count - start >= text.count {
                guard let found = bytes[start...].firstIndex(of: text[0]), found + text.count <= bytes.count else {
                    return nil
                }
                if bytes[found..<found + text.count].elementsEqual(text) { return found }
                start = found + 1
            }
            return nil
        }
    }

    static var malformed: S3Error {
        S3Error(.malformedPOSTRequest, "The body of your POST request is not well-formed multipart/form-data.")
    }
}
