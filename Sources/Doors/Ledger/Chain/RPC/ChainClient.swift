package import Chores
package import Logging
import StorageModel

/// A chain through several endpoints of which one may lie, lag or vanish: it is found and left out.
///
/// They have to be on the configured chain, at about the same height, and to know the same blocks. What money hangs on is
/// asked of more than one where there is more than one.
///
/// - Source: economy design §11, HTTP.
package actor ChainClient {
    /// Which chain it has to be.
    package nonisolated let chainID: UInt64
    private let endpoints: [RPCEndpoint]
    private let settings: RPCSettings
    private let sleeper: Sleeper
    private let logger: Logger
    private var standings: [Standing]
    /// Times an endpoint was alone with its answer, until it is not asked any more.
    private static let maximumContradictions = 3

    /// What is thought of an endpoint.
    package enum Standing: Hashable, Sendable {
        case good
        /// Not asked yet.
        case new
        /// It does not answer, or not in time, or no sense.
        case silent(String)
        case wrongChain(UInt64)
        /// So many blocks behind the others.
        case lagging(UInt64)
        /// It knows other blocks than the others.
        case contradicting
        /// It was alone with its answers too often.
        case lying
    }

    private var contradictions: [Int]

    /// A chain; nothing is asked yet.
    package init(
        chainID: UInt64, endpoints: [RPCEndpoint], settings: RPCSettings = RPCSettings(), sleeper: Sleeper, logger: Logger
    ) {
        precondition(!endpoints.isEmpty, "a chain has at least one endpoint")
        self.chainID = chainID
        self.endpoints = endpoints
        self.settings = settings
        self.sleeper = sleeper
        self.logger = logger
        standings = endpoints.map { _ in .new }
        contradictions = endpoints.map { _ in 0 }
    }

    /// A chain over HTTP.
    package init(
        chainID: UInt64, urls: [String], settings: RPCSettings = RPCSettings(), sleeper: Sleeper, logger: Logger
    ) {
        let endpoints = urls.enumerated().map { index, url in
            RPCEndpoint(name: "\(index + 1)", transport: HTTPTransport(url: url), settings: settings, sleeper: sleeper)
        }
        self.init(chainID: chainID, endpoints: endpoints, settings: settings, sleeper: sleeper, logger: logger)
    }

    /// Endpoints by name, with what is thought of them.
    package var status: [(name: String, standing: Standing)] {
        zip(endpoints, standings).map { ($0.name, $1) }
    }

    // MARK: Agreement

    private struct Sight: Sendable {
        let endpoint: Int
        let chain: UInt64
        let head: BlockHeader
    }

    /// Asks every endpoint where it stands, and decides which are good.
    ///
    /// - Returns: the newest block that all good ones have: what one of them has alone is not asked of the others.
    /// - Throws: `LedgerError.unreachable`, `.wrongLedger`, `.disagreement`.
    @discardableResult
    package func head() async throws -> BlockHeader {
        var failure: any Error = LedgerError.unreachable("no endpoint")
        for attempt in 0..<settings.attempts {
            if attempt > 0 { try await sleeper.sleep(settings.pause) }
            do { return try await look() } catch let error as CancellationError {
                throw error
            } catch let error as LedgerError {
                failure = error
                if case .wrongLedger = error { break }
            }
        }
        throw failure
    }

    private func look() async throws -> BlockHeader {
        let sights = try await look(among: endpoints.indices.filter { standings[$0] != .lying })
        let onChain = sights.filter { $0.chain == chainID }
        for sight in sights where sight.chain != chainID { set(sight.endpoint, .wrongChain(sight.chain)) }
        guard !onChain.isEmpty else {
            if let other = sights.first {
                throw LedgerError.wrongLedger(expected: "chain \(chainID)", actual: "chain \(other.chain)")
            }
            throw LedgerError.unreachable("no endpoint answers")
        }
        // The one in the middle: neither a slow one nor one that makes blocks up decides alone.
        let reference = onChain.map(\.head.number).sorted()[onChain.count / 2]
        var near: [Sight] = []
        for sight in onChain {
            let number = sight.head.number
            if number < reference, reference - number > settings.maximumLag {
                set(sight.endpoint, .lagging(reference - number))
            } else if number > reference, number - reference > settings.maximumLag, onChain.count > 2 {
                set(sight.endpoint, .contradicting)
            } else {
                near.append(sight)
            }
        }
        return try await agree(near)
    }

    /// Compares a block that all of them must have.
    private func agree(_ sights: [Sight]) async throws -> BlockHeader {
        let common = sights.map(\.head.number).min() ?? 0
        var groups: [BlockHeader: [Sight]] = [:]
        for sight in sights {
            if sight.head.number == common {
                groups[sight.head, default: []].append(sight)
                continue
            }
            do {
                let answer = try await endpoints[sight.endpoint].ask([Self.block(.number(common))])
                guard let header = try BlockHeader(try answer[0].get()) else { throw LedgerError.malformed("answer: no block") }
                groups[header, default: []].append(sight)
            } catch let error as CancellationError {
                throw error
            } catch {
                set(sight.endpoint, .silent("\(error)"))
            }
        }
        let all = groups.values.reduce(0) { $0 + $1.count }
        guard let largest = groups.max(by: { $0.value.count < $1.value.count }), 2 * largest.value.count > all else {
            throw all == 0 ? LedgerError.unreachable("no endpoint answers") : .disagreement("block \(common)")
        }
        let good = Set(largest.value.map(\.endpoint))
        for sight in groups.values.joined() { set(sight.endpoint, good.contains(sight.endpoint) ? .good : .contradicting) }
        return largest.key
    }

    private func look(among asked: [Int]) async throws -> [Sight] {
        let calls = [RPCCall("eth_chainId"), Self.block(.latest)]
        var sights: [Sight] = []
        for reply in await answers(of: asked, to: calls) {
            let endpoint = reply.endpoint
            do {
                let answers = try reply.answers.get()
                let chain = try answers[0].get().small()
                guard let head = try BlockHeader(try answers[1].get()) else { throw LedgerError.malformed("answer: no head") }
                sights.append(Sight(endpoint: endpoint, chain: chain, head: head))
            } catch {
                try Task.checkCancellation()
                set(endpoint, .silent("\(error)"))
            }
        }
        return sights
    }

    /// What one endpoint said. No tuple: in one with a `Result`, optimised code of Swift 6.3.1 makes every number zero.
    private struct Reply: Sendable {
        let endpoint: Int
        let answers: Result<[RPCAnswer], any Error>
    }

    private func answers(of asked: [Int], to calls: [RPCCall]) async -> [Reply] {
        let endpoints = endpoints
        return await withTaskGroup(of: Reply.self) { group in
            for index in asked {
                group.addTask {
                    do { return Reply(endpoint: index, answers: .success(try await endpoints[index].ask(calls))) } catch {
                        return Reply(endpoint: index, answers: .failure(error))
                    }
                }
            }
            var replies: [Reply] = []
            for await reply in group { replies.append(reply) }
            return replies.sorted { $0.endpoint < $1.endpoint }
        }
    }

    private func set(_ endpoint: Int, _ standing: Standing) {
        guard standings[endpoint] != standing else { return }
        standings[endpoint] = standing
        logger.log(
            level: standing == .good ? .info : .warning, "an endpoint of the chain changed its standing",
            metadata: ["endpoint": "\(endpoints[endpoint].name)", "standing": "\(standing)"])
    }

    private func good() async throws -> [Int] {
        if !standings.contains(.good) { try await head() }
        return standings.indices.filter { standings[$0] == .good }
    }

    // MARK: Asking

    /// Asks one good endpoint, and the next one when it does not answer; reads only.
    ///
    /// - Throws: `LedgerError.unreachable`, `.wrongLedger`, `.disagreement`.
    package func ask(_ calls: [RPCCall]) async throws -> [RPCAnswer] {
        precondition(calls.allSatisfy(\.isRead), "only reads are asked twice")
        var failure: any Error = LedgerError.unreachable("no endpoint answers")
        for attempt in 0..<settings.attempts {
            if attempt > 0 { try await sleeper.sleep(settings.pause) }
            for endpoint in try await good() {
                do {
                    let answers = try await endpoints[endpoint].ask(calls)
                    guard !answers.contains(where: \.isBusy) else { throw LedgerError.unreachable("an endpoint is busy") }
                    return answers
                } catch let error as CancellationError {
                    throw error
                } catch {
                    failure = error
                    set(endpoint, .silent("\(error)"))
                }
            }
        }
        throw failure
    }

    /// Asks one good endpoint one thing.
    ///
    /// - Throws: `RPCFailure`, `LedgerError`.
    package func ask(_ call: RPCCall) async throws -> JSONValue { try await ask([call])[0].get() }

    /// Asks as many good endpoints as have to agree; what `read` makes of their answers has to be the same.
    ///
    /// - Throws: `LedgerError.disagreement` when no answer has a majority; what `read` throws of the only one.
    package func agreed<Value: Hashable & Sendable>(
        _ calls: [RPCCall], _ read: @Sendable ([RPCAnswer]) throws -> Value
    ) async throws -> Value {
        let all = try await good()
        guard all.count > 1, settings.agreement > 1 else { return try read(try await ask(calls)) }
        var failure: any Error = LedgerError.unreachable("no endpoint answers")
        let first = try await opinions(of: Array(all.prefix(settings.agreement)), calls, read, &failure)
        if first.count == 1, let only = first.first, only.value.count > 1 { return only.key }
        let rest = try await opinions(of: Array(all.dropFirst(settings.agreement)), calls, read, &failure)
        let opinions = first.merging(rest) { $0 + $1 }
        let total = opinions.values.reduce(0) { $0 + $1.count }
        // An endpoint that is left alone because the others vanished is believed as the only one would be.
        guard let largest = opinions.max(by: { $0.value.count < $1.value.count }), 2 * largest.value.count > total else {
            if total == 0 { throw failure }
            throw LedgerError.disagreement(calls.first?.method ?? "nothing")
        }
        for (value, endpoints) in opinions where value != largest.key { for endpoint in endpoints { accuse(endpoint) } }
        return largest.key
    }

    private func opinions<Value: Hashable & Sendable>(
        of asked: [Int], _ calls: [RPCCall], _ read: @Sendable ([RPCAnswer]) throws -> Value,
        _ failure: inout any Error
    ) async throws -> [Value: [Int]] {
        var opinions: [Value: [Int]] = [:]
        var refusal: RPCFailure?
        for reply in await answers(of: asked, to: calls) {
            let endpoint = reply.endpoint
            do { opinions[try read(try reply.answers.get()), default: []].append(endpoint) } catch let error as RPCFailure {
                refusal = error
            } catch {
                try Task.checkCancellation()
                set(endpoint, .silent("\(error)"))
                failure = error
            }
        }
        // What all of them refuse is the answer, for instance a range that is too large.
        if opinions.isEmpty, let refusal { throw refusal }
        return opinions
    }

    private func accuse(_ endpoint: Int) {
        contradictions[endpoint] += 1
        set(endpoint, contradictions[endpoint] < Self.maximumContradictions ? .contradicting : .lying)
    }

    /// Hands something to all good endpoints, once each.
    ///
    /// - Returns: what those that answered say.
    /// - Throws: `LedgerError.unreachable` when nobody answers: whether it arrived is unknown then.
    package func tell(_ call: RPCCall) async throws -> [RPCAnswer] {
        var said: [RPCAnswer] = []
        for reply in await answers(of: try await good(), to: [call]) {
            switch reply.answers {
            case .success(let answers): said += answers
            case .failure(let error): set(reply.endpoint, .silent("\(error)"))
            }
        }
        guard !said.isEmpty else { throw LedgerError.unreachable("nobody took \(call.method)") }
        return said
    }

    /// The question for a block.
    static func block(_ tag: BlockTag) -> RPCCall { RPCCall("eth_getBlockByNumber", [tag.value, .bool(false)]) }
}

extension RPCAnswer {
    /// Whether the endpoint had no time.
    var isBusy: Bool { if case .failure(let failure) = self { failure.kind == .busy } else { false } }
}
