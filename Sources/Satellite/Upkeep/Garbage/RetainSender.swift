import Blake3
import Chores
import DRPC
import Foundation
import StorageModel
import WireMessages

/// Tells nodes about garbage, many at the same time.
///
/// - Source: protocol document 3 §3.6 (transfer).
struct RetainSender: Sendable {
    /// Bytes of a filter in one message.
    static let messageSize = 4_100_050

    let dialer: any RPCDialer
    let settings: GarbageSettings
    let sleeper: Sleeper

    /// Sends filters and says who took them: nil, or the reason why not. A node without an address gets none.
    ///
    /// - Parameter isAllowed: asked before every node.
    /// - Throws: `CancellationError`.
    func send(
        _ filters: [NodeID: [UInt8]], to addresses: [NodeID: String], created: Timestamp,
        isAllowed: @escaping @Sendable () -> Bool
    ) async throws -> [NodeID: String?] {
        try await tell(addresses.filter { filters[$0.key] != nil }) { node, connection in
            guard isAllowed() else { throw UpkeepError.heldBack }
            guard let bytes = filters[node] else { return }
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

    /// Has nodes restore their trash and says who did: nil, or the reason why not.
    ///
    /// - Throws: `CancellationError`.
    func restoreTrash(of addresses: [NodeID: String]) async throws -> [NodeID: String?] {
        try await tell(addresses) { _, connection in
            _ = try await connection.call(PiecestoreMethods.restoreTrash, Piecestore_RestoreTrashRequest())
        }
    }

    private func tell(
        _ addresses: [NodeID: String], _ body: @escaping @Sendable (NodeID, any RPCConnection) async throws -> Void
    ) async throws -> [NodeID: String?] {
        try await withThrowingTaskGroup(of: (NodeID, String?).self) { group in
            var outcomes: [NodeID: String?] = [:]
            for (index, (id, address)) in addresses.enumerated() {
                if index >= settings.concurrency, let (id, reason) = try await group.next() {
                    outcomes.updateValue(reason, forKey: id)
                }
                group.addTask {
                    do {
                        try await sleeper.limit(to: settings.timeout) {
                            try await body(id, try await dialer.connect(to: NodeURL(id: id, address: address)))
                        }
                        return (id, nil)
                    } catch {
                        try Task.checkCancellation()
                        return (id, "\(error)")
                    }
                }
            }
            for try await (id, reason) in group { outcomes.updateValue(reason, forKey: id) }
            return outcomes
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
