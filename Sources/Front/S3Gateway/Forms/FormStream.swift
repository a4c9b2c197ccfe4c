import HTTPTypes
import NIOCore
import S3Protocol

/// A form on its way: first its fields, then, as a sequence, the bytes of its file, checked as they flow.
///
/// One task reads it, once.
final class FormStream {
    private var reader: FormReader
    private var source: S3Body.Iterator
    private var first = ByteBuffer()
    private var check: BodyCheck?
    private var lengths: ClosedRange<Int64> = 0...Int64.max
    private var size: Int64 = 0
    /// Length and digests of the file, once it has come in full.
    private(set) var facts: BodyFacts?

    /// - Throws: `RequestIsNotMultiPartContent`, `MalformedPOSTRequest`.
    init(_ request: S3Request) throws(S3Error) {
        guard let type = request.headers[.contentType], type.lowercased().hasPrefix("multipart/form-data") else {
            throw S3Error(.requestIsNotMultiPartContent)
        }
        reader = try FormReader(contentType: type)
        source = request.body.makeAsyncIterator()
    }

    /// Reads up to the file.
    ///
    /// - Throws: what the form's and the body's checks throw.
    func form() async throws -> PostForm {
        while reader.file == nil {
            guard let bytes = try await source.next() else {
                try reader.finish()
                throw S3Error(.malformedPOSTRequest)
            }
            first = try reader.receive(bytes)
        }
        guard let file = reader.file else { throw S3Error(.malformedPOSTRequest) }
        return PostForm(reader.fields, file: file)
    }

    /// Says what the file has to be, before its first byte is asked for.
    func expect(_ check: BodyCheck, lengths: ClosedRange<Int64>) {
        self.check = check
        self.lengths = lengths
    }

    /// The file's next bytes; nil at its end, when all checks have passed.
    ///
    /// - Throws: `EntityTooLarge`, `EntityTooSmall`, `MalformedPOSTRequest`, and what `BodyCheck` throws.
    func next() async throws -> ByteBuffer? {
        while facts == nil {
            if first.readableBytes > 0 {
                defer { first = ByteBuffer() }
                return try taken(first)
            }
            guard !reader.isEnded else {
                try await finish()
                break
            }
            guard let bytes = try await source.next() else {
                try reader.finish()
                throw S3Error(.malformedPOSTRequest)
            }
            let file = try reader.receive(bytes)
            if file.readableBytes > 0 { return try taken(file) }
        }
        return nil
    }

    private func taken(_ bytes: ByteBuffer) throws -> ByteBuffer {
        size += Int64(bytes.readableBytes)
        guard size <= lengths.upperBound else {
            throw S3Error(
                .entityTooLarge, "Your proposed upload exceeds the maximum allowed size",
                details: [.init("ProposedSize", "\(size)"), .init("MaxSizeAllowed", "\(lengths.upperBound)")])
        }
        return try check?.receive(bytes) ?? bytes
    }

    private func finish() async throws {
        // What follows the file does not count, but the message has to come in full.
        while try await source.next() != nil {}
        guard size >= lengths.lowerBound else {
            throw S3Error(
                .entityTooSmall, "Your proposed upload is smaller than the minimum allowed size",
                details: [.init("ProposedSize", "\(size)"), .init("MinSizeAllowed", "\(lengths.lowerBound)")])
        }
        facts = try check?.finish()
    }
}

/// The file of a form as a sequence.
struct FormFile: AsyncSequence {
    typealias Element = ByteBuffer

    let stream: FormStream

    func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

    struct Iterator: AsyncIteratorProtocol {
        let stream: FormStream

        func next() async throws -> ByteBuffer? { try await stream.next() }
    }
}
