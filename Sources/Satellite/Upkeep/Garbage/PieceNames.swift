import Metabase
import StorageModel

/// The ids of all nodes of a table, ready to be hashed.
struct NodeNames {
    private let bytes: [UInt8]

    init(_ nodes: NodeTable) {
        let ids = (0..<nodes.count).map { nodes[Int64($0)] }
        bytes = ids.flatMap { ($0 ?? NodeID()).bytes }
    }

    /// The id behind a known alias as four big-endian words.
    func withWords<Result>(_ alias: Int64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[Int(alias) * 32..<Int(alias) * 32 + 32])) }
    }
}

/// The ids of the pieces of one segment, derived without memory for each.
///
/// - Source: protocol document 1 §8: HMAC-SHA512(root, node id ‖ big-endian piece number), 32 bytes.
struct PieceNames {
    private let code: SHA512Code

    init(_ root: PieceID) { code = SHA512Code(key: root.bytes) }

    /// The id of a piece, twice in a row.
    func withDoubledID(_ nodes: NodeNames, _ entry: AliasPieces.Entry, _ body: (UnsafeRawBufferPointer) -> Void) {
        let number = UInt32(truncatingIfNeeded: entry.number)
        let id = nodes.withWords(entry.alias) { code.authenticate($0, number: number) }
        var doubled = (id.0.bigEndian, id.1.bigEndian, id.2.bigEndian, id.3.bigEndian,
            id.0.bigEndian, id.1.bigEndian, id.2.bigEndian, id.3.bigEndian)
        withUnsafeBytes(of: &doubled, body)
    }
}
