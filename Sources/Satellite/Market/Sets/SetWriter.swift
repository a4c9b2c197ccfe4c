import Heartbeats
import StorageModel

/// Writes the file of a node's set and makes its root, from pieces in order; holds one block of them.
///
///     magic ‖ records ‖ block roots (hash, sum) ‖ number of records
struct SetWriter {
    static let magic = Array("storj-heartbeat-set-1\n\n\n".utf8)
    /// Bytes of a block's root.
    static let nodeSize = 40

    private let file: FileWriter
    private var block: [CommittedPiece] = []
    private var last: PieceID?
    private var blocks: [SumNode] = []
    private var buffer: [UInt8] = SetWriter.magic
    private(set) var holding = HeartbeatHolding()

    init(path: String) throws(MarketError) {
        file = try FileWriter(path: path)
        block.reserveCapacity(SetOutline.blockSize)
    }

    /// Adds the next piece, and its record.
    ///
    /// A piece that a copied object shares comes twice and counts once.
    mutating func append(_ piece: CommittedPiece, record: UnsafeRawBufferPointer) throws {
        if last == piece.id { return }
        last = piece.id
        if block.count == SetOutline.blockSize { try endBlock() }
        block.append(piece)
        buffer.append(contentsOf: record)
        holding.pieceCount += 1
        holding.byteCount += UInt64(piece.size)
        if buffer.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws {
        try file.append(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func endBlock() throws {
        blocks.append(try CommittedSet(sorted: block).root)
        block.removeAll(keepingCapacity: true)
    }

    /// Ends the file; it is durable when this returns.
    mutating func finish() throws -> HeartbeatHolding {
        if !block.isEmpty { try endBlock() }
        for node in blocks {
            buffer += node.hash.bytes
            withUnsafeBytes(of: node.sum.bigEndian) { buffer.append(contentsOf: $0) }
        }
        withUnsafeBytes(of: holding.pieceCount.bigEndian) { buffer.append(contentsOf: $0) }
        try flush()
        try file.finish()
        holding.root = try SetOutline(blocks: blocks).root
        return holding
    }
}
