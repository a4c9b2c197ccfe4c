package import StorageModel

/// What a client holds of a segment it uploads: everything the commit is checked against.
///
/// The order limits are not inside: they follow from the root piece id, the nodes and the shared facts.
/// - Source: protocol document 2 §3.2.
package struct SegmentToken: Hashable, Sendable {
    static let format: UInt8 = 2

    package var stream: StreamToken
    package var position: SegmentPosition
    package var rootPieceID: PieceID
    package var serial: SerialNumber
    /// Public half of the key that signs orders and piece hashes of this segment, 32 bytes.
    package var publicKey: [UInt8]
    /// When the limits were made.
    package var createdAt: Timestamp
    /// The most bytes a node may store.
    package var limit: Int64
    package var redundancy: RedundancyScheme
    /// The node of every piece number.
    package var nodes: [NodeID]

    /// The sealed token.
    package func encode(signer: TokenSigner) -> [UInt8] {
        var writer = TokenWriter(capacity: 256 + stream.key.count + 32 * nodes.count)
        stream.write(into: &writer)
        writer.write(position.encoded)
        writer.write(fixed: rootPieceID.bytes)
        writer.write(fixed: serial.bytes)
        writer.write(fixed: publicKey)
        writer.write(createdAt)
        writer.write(limit)
        for number in [
            redundancy.requiredShares, redundancy.repairShares, redundancy.optimalShares, redundancy.totalShares,
            redundancy.shareSize, nodes.count,
        ] { writer.write(UInt64(number)) }
        for node in nodes { writer.write(fixed: node.bytes) }
        return signer.seal(format: Self.format, body: writer.bytes)
    }

    /// Opens a token of this satellite.
    ///
    /// - Throws: `TokenError`.
    package init(token: [UInt8], signer: TokenSigner) throws(TokenError) {
        var reader = TokenReader(try signer.open(token, format: Self.format))
        guard let value = SegmentToken(from: &reader), reader.isAtEnd else { throw .truncated }
        self = value
    }

    private init?(from reader: inout TokenReader) {
        guard let stream = StreamToken(from: &reader),
            let position = reader.signed(), position >= 0, position & 0x8000_0000 == 0,
            let root = reader.fixed(32).flatMap({ PieceID($0) }),
            let serial = reader.fixed(16).flatMap({ SerialNumber($0) }),
            let publicKey = reader.fixed(32), let time = reader.time(), let createdAt = time,
            let limit = reader.signed(), let redundancy = Self.redundancy(from: &reader),
            let count = reader.number(), count <= 256
        else { return nil }
        var nodes: [NodeID] = []
        for _ in 0..<count {
            guard let node = reader.fixed(32).flatMap({ NodeID($0) }) else { return nil }
            nodes.append(node)
        }
        self.init(
            stream: stream, position: SegmentPosition(encoded: position), rootPieceID: root, serial: serial,
            publicKey: publicKey, createdAt: createdAt, limit: limit, redundancy: redundancy, nodes: nodes)
    }

    private static func redundancy(from reader: inout TokenReader) -> RedundancyScheme? {
        var numbers: [Int] = []
        for _ in 0..<5 {
            guard let number = reader.number(), let value = Int(exactly: number) else { return nil }
            numbers.append(value)
        }
        return RedundancyScheme(
            required: numbers[0], repair: numbers[1], optimal: numbers[2], total: numbers[3], shareSize: numbers[4])
    }

    /// What the token will say.
    package init(
        stream: StreamToken, position: SegmentPosition, rootPieceID: PieceID, serial: SerialNumber, publicKey: [UInt8],
        createdAt: Timestamp, limit: Int64, redundancy: RedundancyScheme, nodes: [NodeID]
    ) {
        self.stream = stream
        self.position = position
        self.rootPieceID = rootPieceID
        self.serial = serial
        self.publicKey = publicKey
        self.createdAt = createdAt
        self.limit = limit
        self.redundancy = redundancy
        self.nodes = nodes
    }
}
