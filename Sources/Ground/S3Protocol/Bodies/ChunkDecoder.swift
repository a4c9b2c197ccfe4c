import Crypto
import HTTPTypes
import NIOCore
import StorageModel

/// Takes S3's chunks off a body as it flows: `size;chunk-signature=…\r\n`, bytes, `\r\n`, up to a chunk of none and the
/// trailers behind it.
///
/// Bytes are handed on before their chunk's signature can be checked, so nothing may be kept for good before `finish`.
/// It holds one line of at most `longestLine` bytes, never a chunk.
struct ChunkDecoder: Sendable {
    private enum State: Hashable, Sendable {
        case sizeLine
        case data(left: Int64)
        case dataEnd
        case trailers
        case ended
    }

    /// The longest line of a chunk's size or of a trailer, in bytes.
    static let longestLine = 4096
    /// The most trailers of one body.
    static let mostTrailers = 16

    private var signer: ChunkSigner?
    private let hasTrailers: Bool
    private let declaredTrailers: Set<String>
    private var state = State.sizeLine
    private var line: [UInt8] = []
    private var hasher = SHA256()
    private var signature: [UInt8] = []
    private var trailerText: [UInt8] = []
    private var isTrailerSigned = false
    /// Whether the chunk of no bytes has come.
    private var isLast = false
    /// The trailers that have come.
    private(set) var trailers = HTTPFields()
    /// Bytes of the object that have come.
    private(set) var decodedLength: Int64 = 0

    /// - Parameters:
    ///   - signer: nil when the chunks bear no signatures.
    ///   - hasTrailers: whether the form has trailers, and with signed chunks a signature of them.
    ///   - declaredTrailers: the lower-case names in `x-amz-trailer`.
    init(signer: ChunkSigner?, hasTrailers: Bool, declaredTrailers: Set<String>) {
        self.signer = signer
        self.hasTrailers = hasTrailers
        self.declaredTrailers = declaredTrailers
    }

    /// Whether everything has come, the last line included.
    var isEnded: Bool { state == .ended }

    /// Takes the next bytes of the message.
    ///
    /// - Returns: the object's bytes in them: a slice of the input when they lie in one chunk.
    /// - Throws: `SignatureDoesNotMatch`, `IncompleteBody` for broken framing, `MalformedTrailerError`.
    mutating func receive(_ input: ByteBuffer) throws(S3Error) -> ByteBuffer {
        var input = input
        var output: ByteBuffer?
        while input.readableBytes > 0 {
            switch state {
            case .data(let left):
                guard let slice = input.readSlice(length: min(input.readableBytes, Int(clamping: left))) else { break }
                take(slice, left: left)
                if output == nil { output = slice } else { output?.writeImmutableBuffer(slice) }
            case .sizeLine:
                if let line = try readLine(&input) { try begin(line) }
            case .dataEnd:
                if let line = try readLine(&input) { try endChunk(line) }
            case .trailers:
                if let line = try readLine(&input) { try takeTrailer(line) }
            case .ended:
                throw Self.broken
            }
        }
        return output ?? ByteBuffer()
    }

    /// Says that the message is over.
    ///
    /// - Throws: `IncompleteBody` or `MalformedTrailerError` when something is missing.
    mutating func finish() throws(S3Error) {
        switch state {
        case .ended: break
        // Some clients leave the last empty line away. What counts is that nothing announced is missing.
        case .trailers where line.isEmpty: try endTrailers()
        case .trailers: throw Self.malformedTrailer
        default: throw S3Error(.incompleteBody, "The request body terminated unexpectedly")
        }
    }

    private mutating func take(_ slice: ByteBuffer, left: Int64) {
        if signer != nil { slice.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) } }
        decodedLength += Int64(slice.readableBytes)
        let rest = left - Int64(slice.readableBytes)
        state = rest == 0 ? .dataEnd : .data(left: rest)
    }

    /// A line without its end, once it is complete.
    private mutating func readLine(_ input: inout ByteBuffer) throws(S3Error) -> [UInt8]? {
        let view = input.readableBytesView
        let end = view.firstIndex(of: UInt8(ascii: "\n"))
        let count = end.map { $0 - view.startIndex } ?? view.count
        guard line.count + count <= Self.longestLine else {
            throw state == .trailers ? Self.malformedTrailer : Self.broken
        }
        line += view.prefix(count)
        input.moveReaderIndex(forwardBy: end == nil ? count : count + 1)
        guard end != nil else { return nil }
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    /// `size` in hexadecimal, perhaps with extensions, of which the signature counts.
    private mutating func begin(_ line: [UInt8]) throws(S3Error) {
        let parts = String(decoding: line, as: UTF8.self).split(separator: ";", omittingEmptySubsequences: false)
        guard (1...15).contains(parts[0].utf8.count), let size = Int64(parts[0], radix: 16), size >= 0,
            parts[0].first != "+", !decodedLength.addingReportingOverflow(size).overflow
        else { throw Self.broken }
        if signer != nil {
            let prefix = "chunk-signature="
            guard let text = parts.dropFirst().first(where: { $0.hasPrefix(prefix) })?.dropFirst(prefix.count),
                let signature = Hexadecimal.decode(String(text)), signature.count == 32
            else { throw SignatureV4.doesNotMatch }
            self.signature = signature
            hasher = SHA256()
        }
        if size > 0 {
            state = .data(left: size)
        } else {
            isLast = true
            try checkSignature()
            state = hasTrailers ? .trailers : .dataEnd
        }
    }

    /// The empty line behind a chunk; behind the last one it ends the body.
    private mutating func endChunk(_ line: [UInt8]) throws(S3Error) {
        guard line.isEmpty else { throw Self.broken }
        guard !isLast else {
            state = .ended
            return
        }
        try checkSignature()
        state = .sizeLine
    }

    private mutating func checkSignature() throws(S3Error) {
        guard signer != nil else { return }
        let hash = Array(hasher.finalize())
        guard signer?.accept(chunkHash: hash, signature: signature) == true else { throw SignatureV4.doesNotMatch }
    }

    private mutating func takeTrailer(_ line: [UInt8]) throws(S3Error) {
        guard !line.isEmpty else {
            // The documents' own example puts an empty line before the trailers' signature.
            guard signer == nil || isTrailerSigned || trailers.isEmpty else { return }
            try endTrailers()
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self)),
            trailers.count < Self.mostTrailers, !isTrailerSigned
        else { throw Self.malformedTrailer }
        let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
        if name == AmazonHeader.trailerSignature {
            try checkTrailers(signature: String(decoding: value, as: UTF8.self))
            return
        }
        guard declaredTrailers.contains(name.canonicalName), !trailers.contains(name) else { throw Self.malformedTrailer }
        trailerText += name.canonicalName.utf8
        trailerText.append(UInt8(ascii: ":"))
        trailerText += value
        trailerText.append(UInt8(ascii: "\n"))
        trailers.append(HTTPField(name: name, value: String(decoding: value, as: UTF8.self)))
    }

    private mutating func checkTrailers(signature: String) throws(S3Error) {
        let bytes = Hexadecimal.decode(signature) ?? []
        let hash = Array(SHA256.hash(data: trailerText))
        guard signer?.accept(trailerHash: hash, signature: bytes) ?? true else { throw SignatureV4.doesNotMatch }
        isTrailerSigned = true
    }

    private mutating func endTrailers() throws(S3Error) {
        guard declaredTrailers.allSatisfy({ name in HTTPField.Name(name).map(trailers.contains) ?? false }) else {
            throw Self.malformedTrailer
        }
        guard signer == nil || isTrailerSigned else { throw SignatureV4.doesNotMatch }
        state = .ended
    }

    private static var broken: S3Error {
        S3Error(.incompleteBody, "The request body is not well-formed aws-chunked content")
    }

    private static var malformedTrailer: S3Error {
        S3Error(
            .malformedTrailerError,
            "The request contained trailing data that was not well-formed or did not conform to our published schema.")
    }
}
