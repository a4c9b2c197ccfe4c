import Foundation
import Heartbeats
import StorageModel

/// A node's set on the disk: its outline in memory, its pieces read by blocks.
final class SetFile: Sendable {
    /// The upper part of the tree.
    let outline: SetOutline
    private let path: String
    private let descriptor: Int32
    private let count: Int

    /// Opens a set.
    ///
    /// - Throws: `MarketError` for a file that is not there or not whole.
    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MarketError.file("open \(path)", errno: errno) }
        do {
            let size = Int(lseek(descriptor, 0, SEEK_END))
            let start = SetWriter.magic.count
            guard size >= start + 8, try Self.read(descriptor, 0, start, path) == SetWriter.magic else {
                throw MarketError.damagedFile(path)
            }
            let number = try Self.read(descriptor, size - 8, 8, path).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let count = Int(exactly: number), count < size else { throw MarketError.damagedFile(path) }
            let blocks = (count + SetOutline.blockSize - 1) / SetOutline.blockSize
            guard size == start + count * SetRecord.size + blocks * SetWriter.nodeSize + 8 else {
                throw MarketError.damagedFile(path)
            }
            self.count = count
            let bytes = try Self.read(
                descriptor, start + count * SetRecord.size, blocks * SetWriter.nodeSize, path)
            outline = try SetOutline(blocks: Self.nodes(bytes))
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Pieces in the set.
    var pieceCount: Int { count }

    /// Where a sample lies, with its piece's way to the root.
    ///
    /// - Throws: `MarketError.damagedFile` when the file is not what the root was made of.
    func sample(chunk: UInt64) throws -> AskedSample {
        guard let place = outline.locate(chunk: chunk) else { throw HeartbeatError.noSuchChunk(chunk) }
        let first = place.block * SetOutline.blockSize
        let records = try self.records(first..<min(first + SetOutline.blockSize, count))
        guard let pieces = SetRecord.parse(all: records), let set = try? CommittedSet(sorted: pieces),
            let sample = outline.sample(chunk: place.chunk, in: set, block: place.block)
        else { throw MarketError.damagedFile(path) }
        return AskedSample(piece: sample.piece, path: sample.path, chunk: sample.chunk)
    }

    /// The records of some pieces, one after another.
    func records(_ range: Range<Int>) throws -> [UInt8] {
        try Self.read(
            descriptor, SetWriter.magic.count + range.lowerBound * SetRecord.size, range.count * SetRecord.size, path)
    }

    private static func nodes(_ bytes: [UInt8]) -> [SumNode] {
        stride(from: 0, to: bytes.count, by: SetWriter.nodeSize).map { start in
            SumNode(
                hash: Bytes32(bytes[start..<start + 32]) ?? Bytes32(),
                sum: bytes[start + 32..<start + 40].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    private static func read(_ descriptor: Int32, _ offset: Int, _ count: Int, _ path: String) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let part = pread(descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if part < 0, errno == EINTR { continue }
                guard part > 0 else {
                    failure = part < 0 ? errno : 0
                    return
                }
                done += part
            }
        }
        guard bytes.count == count else {
            throw failure == 0 ? MarketError.damagedFile(path) : MarketError.file("read \(path)", errno: failure)
        }
        return bytes
    }
}
