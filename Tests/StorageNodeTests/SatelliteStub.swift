import DRPC
import Foundation
import Identity
import StorageModel
import Synchronization
import WireMessages

/// What a node's satellite was told, and what it answers: as little of a satellite as the node's side needs.
final class SatelliteStub: Sendable {
    struct State {
        var lostPieces: [PieceID] = []
        var reportCount = 0
        /// Reports that fail before one is taken.
        var reportFailures = 0
        var isExitAllowed = true
        var exitAnswers: [@Sendable (NodeIdentity, NodeID) throws -> GracefulExit_SatelliteMessage] = []
        var exitQuestions = 0
        /// What the satellite holds the node to.
        var committed: [PieceID] = []
        var bookQuestions = 0
    }

    private let identity: NodeIdentity
    private let state = Mutex(State())

    init(_ identity: NodeIdentity) { self.identity = identity }

    /// What was told so far, and what is answered.
    var now: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func router() -> RPCRouter {
        var router = RPCRouter()
        router.unary(NodeMethods.getTime) { _, _ in Node_GetTimeResponse() }
        router.unary(NodeMethods.amnestyReport) { request, _ in
            try self.state.withLock { state in
                if state.reportFailures > 0 {
                    state.reportFailures -= 1
                    throw RPCStatusError(.unavailable, "not now")
                }
                state.reportCount += 1
                state.lostPieces += request.pieces.compactMap { PieceID(Array($0.pieceID)) }
            }
            return Node_AmnestyReportResponse()
        }
        router.stream(HeartbeatReportMethods.getCommitted) { stream, _ in
            let committed = self.state.withLock { state in
                state.bookQuestions += 1
                return state.committed
            }
            guard try await stream.receive() != nil else { return }
            let bytes = committed.flatMap { $0.bytes + [UInt8](repeating: 7, count: 40) }
            // Parts that end within a record, as others may send them.
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                var part = Heartbeat_FilePart()
                part.content = Data(bytes[start..<min(start + 1000, bytes.count)])
                try await stream.send(part)
            }
        }
        router.unary(GracefulExitMethods.feasibility) { _, _ in
            var answer = GracefulExit_GracefulExitFeasibilityResponse()
            answer.monthsRequired = 6
            answer.isAllowed = self.now.isExitAllowed
            return answer
        }
        router.stream(GracefulExitMethods.process) { stream, context in
            let answer = self.state.withLock { state in
                state.exitQuestions += 1
                return state.exitAnswers.isEmpty ? nil : state.exitAnswers.removeFirst()
            }
            guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "who?") }
            guard let answer else { throw RPCStatusError(.unavailable, "no answer today") }
            try await stream.send(try answer(self.identity, peer.id))
        }
        return router
    }
}

/// The answers of satellites to nodes that leave.
enum ExitAnswers {
    @Sendable static func notReady(_ satellite: NodeIdentity, _ node: NodeID) -> GracefulExit_SatelliteMessage {
        var message = GracefulExit_SatelliteMessage()
        message.notReady = GracefulExit_NotReady()
        return message
    }

    @Sendable static func completed(_ satellite: NodeIdentity, _ node: NodeID) throws -> GracefulExit_SatelliteMessage {
        try completed(by: satellite, satellite: satellite.id, node: node)
    }

    static func completed(
        by signer: NodeIdentity, satellite: NodeID, node: NodeID
    ) throws -> GracefulExit_SatelliteMessage {
        var end = GracefulExit_ExitCompleted()
        end.satelliteID = Data(satellite.bytes)
        end.nodeID = Data(node.bytes)
        end.completed = Wire_Timestamp(Timestamp(microseconds: 1_770_000_000_000_000))
        end.exitCompleteSignature = Data(signer.sign(try end.encoded()))
        var message = GracefulExit_SatelliteMessage()
        message.exitCompleted = end
        return message
    }

    @Sendable static func failed(_ satellite: NodeIdentity, _ node: NodeID) throws -> GracefulExit_SatelliteMessage {
        var end = GracefulExit_ExitFailed()
        end.satelliteID = Data(satellite.id.bytes)
        end.nodeID = Data(node.bytes)
        end.reason = .inactiveTimeframeExceeded
        end.exitFailureSignature = Data(satellite.sign(try end.encoded()))
        var message = GracefulExit_SatelliteMessage()
        message.exitFailed = end
        return message
    }
}
