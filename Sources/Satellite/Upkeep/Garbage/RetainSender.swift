import Blake3
import Chores
import DRPC
import Foundation
import StorageModel
import WireMessages

/// Sends nodes their filters, many at the same time.
///
/// - Source: protocol document 3 §3.6 (transfer).
struct RetainSender: Sendable {
    /// Bytes of a filter in one message.
    static let messageSize = 4_100_050

    let dialer: any RPCDialer
    let settings: GarbageSettings
    let sleeper: Sleeper

    /// Sends filters and says who took them: nil, or the reason why not.
    ///
    /// - Throws: `CancellationError`.
    func send(
        _ nodes: [(id: NodeID, address: String, filter: BloomFilter)], created: Timestamp
    ) async throws -> [NodeID: String?] {
        try await withThrowingTaskGroup(of: (NodeID, String?).self) { group in
            var outcomes: [NodeID: String?] = [:]
            for (index, node) in nodes.enumerated() {
                if index >= settings.concurrency, let (id, reason) = try await group.next() {
                    outcomes.updateValue(reason, forKey: id)
                }
                group.addTask {
                    do {
                        try await self.send(node.filter, to: NodeURL(id: node.id, address: node.address), created: created)
                        return (node.id, nil)
                    } catch {
                        try Task.checkCancellation()
                        return (node.id, "\(error)")
                    }
                }
            }
            for try await (id, reason) in group { outcomes.updateValue(reason, forKey: id) }
            return outcomes
        }
    }

    private func send(_ filter: BloomFilter, to node: NodeURL, created: Timestamp) async throws {
        let bytes = filter.encoded
        try await sleeper.limit(to: settings.timeout) {
            let connection = try await dialer.connect(to: node)
            if bytes.count <= Self.messageSize {
                var request = Piecestore_RetainRequest()
                request.creationDate = Wire_Timestamp(created)
                request.filter = Data(bytes)
                request.hashAlgorithm = .blake3
                request.hash = Data(Blake3Hasher.hash(bytes).bytes)
                _ = try await connection.call(PiecestoreMethods.retain, request)
            } else {
                try await Self.sendInParts(bytes, created: created, over: connection)
            }
        }
    }

    private static func sendInParts(
        _ bytes: [UInt8], created: Timestamp, over connection: any RPCConnection
    ) async throws {
        try await connection.withStream(PiecestoreMethods.retainBig) { stream in
            for start in stride(from: 0, to: bytes.count, by: messageSize) {
                var request = Piecestore_RetainRequest()
                request.creationDate = Wire_Timestamp(created)
                let end = min(start + messageSize, bytes.count)
                request.filter = Data(bytes[start..<end])
                if end == bytes.count {
                    request.hashAlgorithm = .blake3
                    request.hash = Data(Blake3Hasher.hash(bytes).bytes)
                }
                try await stream.send(request)
            }
            stream.closeSend()
            guard try await stream.receive() != nil else { throw RPCError.noAnswer }
        }
    }
}
