import DRPC
import Foundation
import Identity
import Metainfo
import Orders
import SatelliteTesting
import StorageModel
import TestSupport
import WireMessages

/// Plays recorded requests to our satellite and says how its answers differ from the recorded ones.
///
/// Tokens and versions of the recording are replaced by those our satellite gave in their place, and the nodes of
/// our network sign for the pieces the recording says were stored.
struct Replay {
    let satellite: TestSatellite
    private var book = TokenBook()
    /// The limits of each segment token our satellite issued.
    private var issued: [[UInt8]: [OrderLimit]] = [:]

    init(satellite: TestSatellite) { self.satellite = satellite }

    /// What came back from our satellite.
    private enum Answer {
        case message([UInt8])
        case failure(RPCStatusError)
    }

    /// Plays one call; an empty list means that the answers agree.
    mutating func play(_ rpc: Transcript.RPC) async throws -> [String] {
        let answer = try await send(rpc)
        switch (rpc.error, answer) {
        case (let recorded?, .failure(let ours)): return Self.compare(recorded, ours)
        case (let recorded?, .message): return ["recorded \(recorded.code) \(recorded.text), ours succeeded"]
        case (nil, .failure(let ours)): return ["recorded success, ours \(ours.code.rawValue) \(ours.message)"]
        case (nil, .message(let ours)): return compare(rpc, ours)
        }
    }

    // MARK: - Requests

    private func send(_ rpc: Transcript.RPC) async throws -> Answer {
        let method = RPCMethod<RawMessage, RawMessage>(path: rpc.path)
        do {
            return .message(try await satellite.connection.call(method, RawMessage(request(rpc))).bytes)
        } catch let error as RPCStatusError {
            return .failure(error)
        }
    }

    private func request(_ rpc: Transcript.RPC) throws -> [UInt8] {
        guard let batch = rpc.batchRequest else {
            let bytes = book.translate(rpc.request?.hex?.bytes ?? [])
            return rpc.path.hasSuffix("/CommitSegment") ? try signed(bytes) : bytes
        }
        let translated = try book.translate(batch).map { field -> WireField in
            guard field.number == 1, let bytes = field.bytes, let inner = WireField.parse(bytes)?.first,
                inner.number == 13, let commit = inner.bytes
            else { return field }
            return WireField(1, .bytes(WireField.encode([WireField(13, .bytes(try signed(commit)))])))
        }
        let bytes = WireField.encode(translated)
        guard rpc.isCompressedBatch else { return bytes }
        return WireField.encode([
            WireField(1, .bytes([1])), WireField(2, .varint(UInt64(rpc.request?.selected ?? 0))),
            WireField(3, .bytes(bytes)),
        ])
    }

    /// A CommitSegment whose pieces are signed by the nodes our satellite offered.
    private func signed(_ bytes: [UInt8]) throws -> [UInt8] {
        var request = try Metainfo_CommitSegmentRequest.parse(bytes)
        guard let limits = issued[Array(request.segmentID)] else { return bytes }
        request.uploadResult = try request.uploadResult.map { result in
            var result = result
            let limit = limits[Int(result.pieceNum)]
            let recorded = try PieceHash.parse(Array(result.hash))
            let hash = PieceHash(
                pieceID: limit.pieceID, hash: recorded.hash, pieceSize: recorded.pieceSize,
                timestamp: satellite.clock.now, hashAlgorithm: recorded.hashAlgorithm)
            result.nodeID = Data(limit.storageNodeID.bytes)
            result.hash = Data(try satellite.sign(hash, by: limit.storageNodeID).encoded)
            return result
        }
        return try request.encoded()
    }

    // MARK: - Answers

    private mutating func compare(_ rpc: Transcript.RPC, _ ours: [UInt8]) -> [String] {
        guard rpc.isBatch else {
            let method = rpc.path.split(separator: "/").last.map(String.init) ?? ""
            return compare(method: method, recorded: rpc.response?.hex?.bytes ?? [], ours: ours)
        }
        guard let items = batchItems(ours, isCompressed: rpc.isCompressedBatch) else { return ["ours is no batch"] }
        let recorded = rpc.response?.items ?? []
        guard items.count == recorded.count else {
            return ["recorded \(recorded.count) items, ours \(items.count)"]
        }
        var differences: [String] = []
        for (theirs, mine) in zip(recorded, items) {
            guard theirs.number == mine.number, let name = theirs.name else {
                differences.append("recorded item \(theirs.number ?? 0), ours \(mine.number)")
                continue
            }
            let (left, right) = (theirs.hex?.bytes ?? [], mine.bytes ?? [])
            differences += compare(
                method: AnswerSchema.method(batchItem: name), recorded: left,
                ours: theirs.cut == nil ? right : Self.cut(right))
        }
        return differences
    }

    private func batchItems(_ answer: [UInt8], isCompressed: Bool) -> [WireField]? {
        guard var fields = WireField.parse(answer) else { return nil }
        if isCompressed {
            let selected = fields.contains(WireField(2, .varint(1)))
            let data = fields.first(where: { $0.number == 3 }).flatMap(\.bytes) ?? []
            guard let bytes = selected ? Compression.decompress(data, maximum: 64 << 20) : data,
                let inner = WireField.parse(bytes)
            else { return nil }
            fields = inner
        }
        return fields.compactMap { $0.bytes.flatMap { WireField.parse($0)?.first } }
    }

    /// Drops the middle of a long list, as was done to the recording: four entries and the last two stay.
    private static func cut(_ message: [UInt8]) -> [UInt8] {
        guard let fields = WireField.parse(message) else { return message }
        let entries = fields.filter { $0.number == 1 }
        return WireField.encode(entries.prefix(4) + entries.suffix(2) + fields.filter { $0.number != 1 })
    }

    private mutating func compare(method: String, recorded: [UInt8], ours: [UInt8]) -> [String] {
        var comparison = AnswerComparison()
        comparison.compare(recorded: recorded, ours: ours, message: AnswerSchema.message(method: method))
        for token in comparison.tokens { book.learn(recorded: token.recorded, ours: token.ours) }
        remember(method: method, answer: ours)
        return comparison.differences
    }

    private mutating func remember(method: String, answer: [UInt8]) {
        guard method == "BeginSegment" || method == "RetryBeginSegmentPieces",
            let fields = WireField.parse(answer), let token = fields.first(where: { $0.number == 1 })?.bytes
        else { return }
        issued[token] = fields.filter { $0.number == 2 }.compactMap { field in
            guard let bytes = field.bytes, let limit = WireField.parse(bytes)?.first(where: { $0.number == 1 })?.bytes
            else { return nil }
            // An unreadable limit leaves a hole, and the commit that needs it fails the test.
            return try? OrderLimit.parse(limit)
        }
    }

    // MARK: - Failures

    private static func compare(_ recorded: Transcript.Failure, _ ours: RPCStatusError) -> [String] {
        guard recorded.code == ours.code.rawValue else {
            return ["recorded \(recorded.code) \(recorded.text), ours \(ours.code.rawValue) \(ours.message)"]
        }
        let (left, right) = (normalized(recorded.text), normalized(ours.message))
        return left == right ? [] : ["recorded text \(recorded.text), ours \(ours.message)"]
    }

    /// The part of a text that is not free: class prefixes are left out, and so is what follows where clients only
    /// look at the beginning.
    private static func normalized(_ text: String) -> String {
        var rest = Substring(text)
        while let prefix = ["metainfo: ", "metabase: "].first(where: rest.hasPrefix) {
            rest = rest.dropFirst(prefix.count)
        }
        for beginning in ["object not found", "not enough nodes"] where rest.hasPrefix(beginning) { return beginning }
        return String(rest)
    }
}
