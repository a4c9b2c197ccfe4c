import Database
import Encryption
import StorageModel

/// A segment of an object: its key and where its pieces are.
struct SegmentRecord: Sendable {
    /// Which of the object's segments.
    var index: Int32
    /// From which the ids of its pieces derive.
    var root: PieceID
    /// The content key, encrypted under the customer's.
    var key: [UInt8]
    /// The nonce of that.
    var nonce: EncryptionNonce
    var plainSize: Int64
    var encryptedSize: Int64
    var scheme: RedundancyScheme
    var pieces: [PieceRecord] = []

    static let columns =
        "position, root, key, nonce, plain_size, encrypted_size, required, repair, optimal, total, share_size"

    init(
        index: Int32, root: PieceID, key: [UInt8], nonce: EncryptionNonce, plainSize: Int64, encryptedSize: Int64,
        scheme: RedundancyScheme
    ) {
        self.index = index
        self.root = root
        self.key = key
        self.nonce = nonce
        self.plainSize = plainSize
        self.encryptedSize = encryptedSize
        self.scheme = scheme
    }

    init(_ row: SQLRow) throws {
        guard let index = Int32(exactly: row.integer(0)), let nonce = EncryptionNonce(row.blob(3)),
            let scheme = RedundancyScheme(
                required: row.int(6), repair: row.int(7), optimal: row.int(8), total: row.int(9), shareSize: row.int(10))
        else { throw DirectError.damaged("a segment") }
        self.init(
            index: index, root: try row.id(1), key: row.blob(2), nonce: nonce, plainSize: row.integer(4),
            encryptedSize: row.integer(5), scheme: scheme)
    }

    func values(object: StreamID) -> [SQLValue] {
        [
            SQLValue(object), SQLValue(index), SQLValue(root), SQLValue(key), SQLValue(nonce.bytes), SQLValue(plainSize),
            SQLValue(encryptedSize), SQLValue(scheme.requiredShares), SQLValue(scheme.repairShares),
            SQLValue(scheme.optimalShares), SQLValue(scheme.totalShares), SQLValue(scheme.shareSize),
        ]
    }
}

/// A piece that a farmer promised to keep.
struct PieceRecord: Sendable, Hashable {
    var number: Int
    var node: NodeID
    var piece: PieceID
    var size: Int64
    /// BLAKE3 of the piece.
    var hash: Bytes32

    static let columns = "number, node, piece, size, hash"

    init(number: Int, node: NodeID, piece: PieceID, size: Int64, hash: Bytes32) {
        self.number = number
        self.node = node
        self.piece = piece
        self.size = size
        self.hash = hash
    }

    init(_ row: SQLRow) throws {
        guard let hash = Bytes32(row.blob(4)) else { throw DirectError.damaged("a piece") }
        self.init(
            number: row.int(0), node: try row.id(1), piece: try row.id(2), size: row.integer(3), hash: hash)
    }

    func values(object: StreamID, index: Int32, deal: StreamID) -> [SQLValue] {
        [
            SQLValue(object), SQLValue(index), SQLValue(number), SQLValue(deal), SQLValue(node), SQLValue(piece),
            SQLValue(size), SQLValue(hash.bytes),
        ]
    }
}
