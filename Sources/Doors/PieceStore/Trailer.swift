import Crypto
import StorageModel

/// What follows each piece in a log: everything needed to serve it, prove it and rebuild the index.
///
/// ```
/// trailer = group values (32 each), order limit, hash signature, zero*, footer(256)
/// footer  = magic(8) version(2) algorithm(1) flags(1) trailer size(4) content size(8)
///           order limit size(4) signature size(4) satellite(32) piece(32) hash(32) root(32)
///           created(12) expires(12) hash timestamp(12) zero* MAC(32)
/// ```
/// The MAC is HMAC-SHA-256 with the log's key over all of the trailer before it.
struct Trailer: Hashable {
    /// The piece.
    let piece: StoredPiece
    /// One BLAKE3 chaining value for each 16 KiB of content; empty for pieces up to 16 KiB, whose group is the root.
    let groupValues: [UInt8]

    /// Bytes of the footer, the last part.
    static let footerSize = 256
    /// The first bytes of each footer.
    static let magic: [UInt8] = Array("STORJTR1".utf8)
    /// The largest trailer, which bounds what a damaged length field makes us read.
    static let maximumSize = 4 << 20 - Int(LogFormat.unit)
    private static let version: UInt16 = 1
    private static let authenticatorSize = 32

    /// The bytes, a multiple of 64 of them.
    func encoded(key: [UInt8]) -> [UInt8] {
        var bytes = ByteWriter()
        bytes.append(groupValues)
        bytes.append(piece.proof.orderLimit)
        bytes.append(piece.proof.hashSignature)
        bytes.pad(toMultipleOf: Int(LogFormat.unit))
        appendFooter(to: &bytes)
        let tag = Self.authenticator(of: bytes.bytes[...], key: key)
        bytes.append(tag)
        return bytes.bytes
    }

    private func appendFooter(to bytes: inout ByteWriter) {
        let start = bytes.bytes.count
        bytes.append(Self.magic)
        bytes.append(Self.version)
        bytes.append(piece.algorithm.rawValue)
        bytes.append(UInt8(piece.proof.expires == nil ? 0 : 1))
        bytes.append(UInt32(start + Self.footerSize))
        bytes.append(piece.size)
        bytes.append(UInt32(piece.proof.orderLimit.count))
        bytes.append(UInt32(piece.proof.hashSignature.count))
        bytes.append(piece.satellite.bytes)
        bytes.append(piece.pieceID.bytes)
        bytes.append(piece.hash.bytes)
        bytes.append(piece.root.bytes)
        for time in [piece.created, piece.proof.expires ?? piece.created, piece.proof.hashTimestamp] {
            bytes.append(time.seconds)
            bytes.append(time.nanoseconds)
        }
        let rest = Self.footerSize - Self.authenticatorSize - (bytes.bytes.count - start)
        bytes.append(repeatElement(0, count: rest))
    }

    /// The size of the trailer that ends with this footer, and of its content; nil when these are no such bytes.
    ///
    /// The answer is a claim: only `init(parsing:key:)` checks the authenticator.
    static func claimedSizes(footer: ArraySlice<UInt8>) -> (trailer: Int, content: Int64)? {
        guard footer.count == footerSize, footer.starts(with: magic) else { return nil }
        var reader = ByteReader(footer.dropFirst(12))
        let trailer = Int(reader.integer(UInt32.self))
        let content = reader.integer(Int64.self)
        guard trailer >= footerSize, trailer <= maximumSize, trailer % Int(LogFormat.unit) == 0,
            content >= 0, content <= Int64(UInt32.max)
        else { return nil }
        return (trailer, content)
    }

    /// Parses a whole trailer; nil when it was not written with this key or is not whole.
    init?(parsing bytes: [UInt8], key: [UInt8]) {
        guard bytes.count >= Self.footerSize else { return nil }
        let footer = bytes.suffix(Self.footerSize)
        guard let sizes = Self.claimedSizes(footer: footer), sizes.trailer == bytes.count else { return nil }
        let tag = Self.authenticator(of: bytes.dropLast(Self.authenticatorSize), key: key)
        guard tag.elementsEqual(bytes.suffix(Self.authenticatorSize)) else { return nil }
        var fields = ByteReader(footer.dropFirst(8))
        guard fields.integer(UInt16.self) == Self.version, let algorithm = StoredHashAlgorithm(rawValue: fields.integer())
        else { return nil }
        let flags: UInt8 = fields.integer()
        _ = fields.take(12)
        let limitSize = Int(fields.integer(UInt32.self))
        let signatureSize = Int(fields.integer(UInt32.self))
        guard let satellite = NodeID(fields.take(32)), let pieceID = PieceID(fields.take(32)),
            let hash = Bytes32(fields.take(32)), let root = Bytes32(fields.take(32)),
            let created = Self.time(&fields), let expires = Self.time(&fields), let hashTimestamp = Self.time(&fields)
        else { return nil }
        var body = ByteReader(bytes.dropLast(Self.footerSize))
        groupValues = Array(body.take(Self.groupValuesSize(content: sizes.content)))
        let limit = Array(body.take(limitSize))
        let signature = Array(body.take(signatureSize))
        guard !body.isExhausted else { return nil }
        let proof = PieceProof(
            hashTimestamp: hashTimestamp, hashSignature: signature, orderLimit: limit,
            expires: flags & 1 == 1 ? expires : nil)
        piece = StoredPiece(
            satellite: satellite, pieceID: pieceID, size: sizes.content, algorithm: algorithm, hash: hash, root: root,
            created: created, proof: proof)
    }

    /// The trailer of a piece.
    init(piece: StoredPiece, groupValues: [UInt8]) {
        precondition(
            groupValues.count == Self.groupValuesSize(content: piece.size), "there is one value for each group")
        self.piece = piece
        self.groupValues = groupValues
    }

    /// Bytes of the group values of a piece with `content` bytes.
    static func groupValuesSize(content: Int64) -> Int {
        content <= GroupVerifier.groupSize ? 0 : Int((content - 1) / GroupVerifier.groupSize + 1) * 32
    }

    private static func time(_ reader: inout ByteReader) -> Timestamp? {
        let seconds: Int64 = reader.integer()
        return Timestamp(seconds: seconds, nanoseconds: reader.integer())
    }

    private static func authenticator(of bytes: ArraySlice<UInt8>, key: [UInt8]) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        bytes.withUnsafeBytes { code.update(data: $0) }
        return Array(code.finalize())
    }
}
