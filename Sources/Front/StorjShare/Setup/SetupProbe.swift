import Chores
import Contracts
import DRPC
import Ethereum
import Identity
import Logging
import StorageModel
import StorageNode
import WireMessages

/// What is known of a satellite before the node works for it.
struct SatelliteFacts: Sendable {
    let url: NodeURL
    /// Why it cannot be taken; nil when it can.
    var problem: String?
    /// What it says of itself, checked against its signature.
    var manifest: Manifest?
    /// What its nodes ask.
    var market = MarketPrices()
    /// Why it cannot reach this node; nil when it can, or was not asked.
    var unreached: String?
    /// Whether it reached this node.
    var isReached = false
}

/// Speaks to satellites before there is a node: reads what they stand for, and lets them knock at the port.
struct SetupProbe: Sendable {
    /// How long a satellite may take for everything.
    private static let patience = Duration.seconds(20)

    let identity: NodeIdentity
    let eventLoops: RPCEventLoops
    let clock: WallClock
    let logger: Logger

    /// Reads a satellite's manifest and market.
    func look(at url: NodeURL) async -> SatelliteFacts {
        var facts = SatelliteFacts(url: url)
        do {
            let dialer = try TLSDialer(identity: identity, settings: RPCDialerSettings(), eventLoops: eventLoops)
            do { try await read(&facts, dialer) } catch { facts.problem = "it does not answer: \(error)" }
            await dialer.close()
        } catch { facts.problem = "\(error)" }
        return facts
    }

    private func read(_ facts: inout SatelliteFacts, _ dialer: TLSDialer) async throws {
        let connection = try await dialer.connect(to: facts.url)
        do {
            let answer = try await connection.call(MarketMethods.manifest, Market_ManifestRequest())
            let signed = try SignedManifest(encoded: Array(answer.manifest))
            _ = try signed.verify(satellite: facts.url.id, now: UInt64(clamping: clock.now().seconds))
            facts.manifest = signed.manifest
        } catch let error as RPCStatusError where error.code == .unimplemented {
            // A satellite of another make: it pays by its own ways, if it does.
            return
        } catch let error as RPCStatusError {
            throw error
        } catch {
            facts.problem = "its manifest does not count: \(error)"
            return
        }
        facts.market.add(try await connection.call(MarketMethods.offers, Market_OffersRequest()), except: identity.id)
    }

    /// Opens the port for a moment and lets satellites knock.
    ///
    /// - Returns: why each does not reach it; nil for those that do.
    func knock(_ satellites: [NodeURL], listen: String, external: String) async -> [NodeID: String?] {
        var settings = RPCServerSettings()
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]) else {
            return Self.all(satellites, "\(listen) is no address to listen on")
        }
        settings.host = String(listen[..<colon])
        settings.port = port
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        do {
            let server = try RPCServer(
                identity: identity, router: router, settings: settings, eventLoops: eventLoops, logger: logger)
            _ = try await server.bind()
            return try await withThrowingTaskGroup(of: [NodeID: String?].self) { group in
                group.addTask {
                    try await server.run()
                    return [:]
                }
                group.addTask { await self.ask(satellites, external) }
                var answers: [NodeID: String?] = [:]
                while let answer = try await group.next() {
                    guard answers.isEmpty, !answer.isEmpty || satellites.isEmpty else { continue }
                    answers = answer
                    group.cancelAll()
                    break
                }
                // The server ends because it was told to: how it says so does not matter.
                while await group.nextResult() != nil {}
                return answers
            }
        } catch {
            return Self.all(satellites, "nothing can listen on \(listen): \(error)")
        }
    }

    private func ask(_ satellites: [NodeURL], _ external: String) async -> [NodeID: String?] {
        var answers: [NodeID: String?] = [:]
        do {
            let dialer = try TLSDialer(identity: identity, settings: RPCDialerSettings(), eventLoops: eventLoops)
            for satellite in satellites {
                do {
                    var request = Node_PingMeRequest()
                    request.address = external
                    _ = try await dialer.connect(to: satellite).call(NodeMethods.pingMe, request)
                    answers[satellite.id] = .some(nil)
                } catch {
                    answers[satellite.id] = "\(error)"
                }
            }
            await dialer.close()
        } catch {
            return Self.all(satellites, "\(error)")
        }
        return answers
    }

    private static func all(_ satellites: [NodeURL], _ problem: String) -> [NodeID: String?] {
        Dictionary(satellites.map { ($0.id, problem) }) { first, _ in first }
    }
}
