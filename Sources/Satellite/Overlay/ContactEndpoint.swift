package import DRPC
import Database
package import Identity
import Logging
import StorageModel
package import WireMessages

/// The methods by which nodes keep in touch, and what refusals look like to them.
extension Overlay {
    /// Adds the methods of `/contact.Node` and what nodes ask about their standing to a server.
    ///
    /// - Parameter satellite: signs the receipts of nodes that leave; without, leaving is not offered.
    package func register(in router: inout RPCRouter, satellite: NodeIdentity? = nil) {
        router.unary(NodeMethods.checkIn) { request, context in
            let peer = try Self.peer(of: context)
            return try await self.mapErrors { try await self.checkIn(request, peer: peer) }
        }
        router.unary(NodeMethods.getTime) { _, _ in
            var response = Node_GetTimeResponse()
            response.timestamp = Wire_Timestamp(self.clock.now())
            return response
        }
        router.unary(NodeMethods.pingMe) { request, context in
            let peer = try Self.peer(of: context)
            guard request.transport == .tcpTls else {
                throw RPCStatusError(.unimplemented, "this satellite reaches nodes over TLS only")
            }
            try await self.mapErrors { try await self.pingMe(request, peer: peer) }
            return Node_PingMeResponse()
        }
        router.unary(NodeMethods.amnestyReport) { request, context in
            let peer = try Self.peer(of: context)
            try await self.mapErrors { try await self.storeLostPieces(request, node: peer.id) }
            return Node_AmnestyReportResponse()
        }
        registerStats(in: &router)
        if let satellite {
            registerExit(in: &router, satellite: satellite)
        } else {
            for path in GracefulExitMethods.allPaths { router.unimplemented(path: path) }
        }
    }

    static func peer(of context: RPCContext) throws -> PeerIdentity {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "no identity") }
        return peer
    }

    func mapErrors<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as OverlayError {
            throw RPCStatusError(error.statusCode, "\(error)")
        } catch let error as DatabaseError {
            logger.error("node table cannot be used", metadata: ["error": "\(error)"])
            throw RPCStatusError(.internal, "internal error")
        }
    }
}

extension OverlayError {
    /// What a peer is told.
    package var statusCode: RPCStatusCode {
        switch self {
        case .notEnoughNodes, .lowDifficulty, .mayNotExit: .failedPrecondition
        case .badAddress, .badRequest: .invalidArgument
        case .tooManyCheckIns, .tooManyReports: .resourceExhausted
        case .unknownNode: .notFound
        case .unreachable, .noAnswer: .unavailable
        }
    }
}
