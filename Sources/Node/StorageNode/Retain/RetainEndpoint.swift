package import Chores
package import DRPC
import Identity
import Foundation
package import PieceStore
package import StorageModel
import WireMessages

/// Lets a trusted satellite say which pieces are garbage, and bring the trash back.
///
/// - Source: protocol document 3 §3.6, codes §1.5.
package struct RetainEndpoint: Sendable {
    /// The most bytes of a filter sent in several messages.
    package static let maximumFilterBytes = 64 << 20

    private let trust: TrustList
    private let store: PieceStore
    private let queue: RetainQueue
    /// The chore that applies filters: at once when one arrives, and at the start for those that were left.
    package let cycle: Cycle

    /// An endpoint over its parts.
    package init(trust: TrustList, store: PieceStore, queue: RetainQueue, parts: StorageNodeParts) {
        self.trust = trust
        self.store = store
        self.queue = queue
        cycle = Cycle(
            name: "garbage collection", interval: .seconds(3600), startsImmediately: true, sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger, work: { try await queue.applyAll() })
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(PiecestoreMethods.retain) { message, context in
            try await accept(message, from: try caller(context))
            return Piecestore_RetainResponse()
        }
        router.stream(PiecestoreMethods.retainBig) { stream, context in
            let satellite = try caller(context)
            try await accept(try await joined(stream), from: satellite)
            try await stream.send(Piecestore_RetainResponse())
        }
        router.unary(PiecestoreMethods.restoreTrash) { _, context in
            _ = try await restoreTrash(satellite: try caller(context))
            return Piecestore_RestoreTrashResponse()
        }
    }

    /// Takes all pieces of a satellite out of the trash; how many there were.
    package func restoreTrash(satellite: NodeID) async throws -> Int {
        // A filter that still waits would put the same pieces back into the trash.
        try await queue.drop(satellite: satellite)
        return try await store.restoreTrash(satellite: satellite)
    }

    private func caller(_ context: RPCContext) throws(RPCStatusError) -> NodeID {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "a satellite needs an identity") }
        guard trust.isTrusted(peer.id) else {
            throw RPCStatusError(.permissionDenied, "satellite \(peer.id) is not trusted")
        }
        return peer.id
    }

    private func accept(_ message: Piecestore_RetainRequest, from satellite: NodeID) async throws {
        try await queue.add(message, RetainRequest(message), satellite: satellite)
        cycle.trigger()
    }

    /// Puts the parts of a filter together until the one with the hash.
    private func joined(
        _ stream: RPCServerStream<Piecestore_RetainRequest, Piecestore_RetainResponse>
    ) async throws -> Piecestore_RetainRequest {
        var whole: Piecestore_RetainRequest?
        while let part = try await stream.receive() {
            var message = whole ?? Piecestore_RetainRequest()
            if whole == nil, part.hasCreationDate { message.creationDate = part.creationDate }
            message.filter.append(part.filter)
            guard message.filter.count <= Self.maximumFilterBytes else {
                throw RPCStatusError(.invalidArgument, "bloom filter is too large")
            }
            if !part.hash.isEmpty {
                message.hash = part.hash
                message.hashAlgorithm = part.hashAlgorithm
                return message
            }
            whole = message
        }
        throw RPCStatusError(.invalidArgument, "bloom filter ended without its hash")
    }
}
