package import Chores
package import DRPC
package import Logging
package import PieceStore
package import StorageModel
import Synchronization
import WireMessages

/// Leaves satellites in good order: asks, stays until the satellite has signed that it is over, and only then deletes.
///
///     requested ─ask─► exiting ─ask daily─► completed ─data deleted─► deleted
///         └─ refused      └─► failed (nothing is deleted)
///
/// Every step is on the disk before the next one is taken.
/// - Source: protocol document 3 §6.6.
package final class GracefulExits: Sendable {
    /// What exits work with.
    package struct Parts: Sendable {
        /// The node itself.
        let node: NodeID
        /// The pieces.
        let store: PieceStore
        /// Whom the node works for.
        let trust: TrustList
        /// Threads for disk work.
        let pool: BlockingPool
        /// How satellites are reached.
        let dialer: any RPCDialer
        /// The node's clock.
        let clock: WallClock
        /// The log.
        let logger: Logger
        /// Called after data was deleted, so that other satellites learn of the room.
        let spaceFreed: @Sendable () -> Void

        /// All parts.
        package init(
            node: NodeID, store: PieceStore, trust: TrustList, pool: BlockingPool, dialer: any RPCDialer,
            clock: WallClock, logger: Logger, spaceFreed: @escaping @Sendable () -> Void = {}
        ) {
            self.node = node
            self.store = store
            self.trust = trust
            self.pool = pool
            self.dialer = dialer
            self.clock = clock
            self.logger = logger
            self.spaceFreed = spaceFreed
        }
    }

    private let parts: Parts
    private let folder: String
    private let fileSystem: any FileSystem
    private let known: Mutex<[NodeID: ExitState]>

    /// The exits as they were left in `folder`, which is made when it does not exist; blocks.
    ///
    /// Satellites that have signed a completed exit are not worked for any more from here on.
    /// - Throws: `PieceStoreError` when the disk fails or a state is damaged.
    package init(parts: Parts, folder: String, fileSystem: any FileSystem = DiskFileSystem()) throws {
        self.parts = parts
        self.folder = folder
        self.fileSystem = fileSystem
        try fileSystem.createFolder(folder)
        var states: [NodeID: ExitState] = [:]
        for name in try fileSystem.list(folder) where name.hasSuffix(".json") {
            guard let satellite = try? NodeID(text: String(name.dropLast(5))) else { continue }
            states[satellite] = try StateFile<ExitState>(folder: folder, name: name, fileSystem: fileSystem).load()
        }
        for (satellite, state) in states where state.step == .completed || state.step == .deleted {
            parts.trust.leave(satellite)
        }
        known = Mutex(states)
    }

    /// The recurring work: deletes what is left to delete and asks satellites how their exits are.
    package func makeCycle(interval: Duration, sleeper: Sleeper) -> Cycle {
        Cycle(
            name: "graceful exit", interval: interval, startsImmediately: true, sleeper: sleeper, clock: parts.clock,
            logger: parts.logger, work: { [self] in try await work() })
    }

    /// All exits, ordered by satellite.
    package var states: [ExitState] { known.withLock { $0.values.sorted { $0.satellite < $1.satellite } } }

    /// Begins to leave a satellite, if it lets the node go.
    ///
    /// - Returns: how far it is after the first question.
    /// - Throws: `ExitError` when it cannot be, or an error of the network: nothing has begun then.
    package func begin(_ satellite: NodeID) async throws -> ExitState {
        if let state = known.withLock({ $0[satellite] }), state.isBinding { throw ExitError.alreadyBegun(state.step) }
        guard let url = parts.trust.activeSatellites.first(where: { $0.id == satellite }) else {
            throw ExitError.unknownSatellite(satellite)
        }
        let connection = try await parts.dialer.connect(to: url)
        do {
            let answer = try await connection.call(
                GracefulExitMethods.feasibility, GracefulExit_GracefulExitFeasibilityRequest())
            guard answer.isAllowed else {
                throw ExitError.tooYoung(
                    months: Int(answer.monthsRequired),
                    joined: try Wire_Timestamp.value(answer.hasJoinedAt ? answer.joinedAt : nil))
            }
        } catch let error as RPCStatusError where error.code == .failedPrecondition {
            throw ExitError.refused(error.message)
        }
        let state = ExitState(satellite: "\(satellite)", step: .requested, requestedAt: parts.clock.now().microseconds)
        try await save(state, satellite)
        try await ask(satellite)
        return known.withLock { $0[satellite] } ?? state
    }

    /// Asks all satellites whose exits are under way; one that fails does not keep others from being asked.
    package func work() async throws {
        for (satellite, state) in known.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            switch state.step {
            case .requested, .exiting: try await ask(satellite)
            case .completed: try await delete(satellite, state)
            case .deleted, .failed, .refused: break
            }
        }
    }

    // MARK: Steps

    /// Asks one satellite and notes the answer; what goes wrong is noted too.
    private func ask(_ satellite: NodeID) async throws {
        guard var state = known.withLock({ $0[satellite] }) else { return }
        state.askedAt = parts.clock.now().microseconds
        state.problem = nil
        do {
            try await apply(try await question(satellite), satellite, to: &state)
        } catch let error as RPCStatusError where error.code == .failedPrecondition && state.step == .requested {
            state.step = .refused
            state.problem = error.message
        } catch let error as PieceStoreError {
            throw error
        } catch {
            try Task.checkCancellation()
            state.problem = "\(error)"
        }
        parts.logger.notice(
            "a satellite was asked about the exit",
            metadata: ["satellite": "\(satellite)", "step": "\(state.step)", "problem": "\(state.problem ?? "none")"])
        try await save(state, satellite)
        if state.step == .completed { try await delete(satellite, state) }
    }

    private func question(_ satellite: NodeID) async throws -> GracefulExit_SatelliteMessage {
        guard let url = parts.trust.activeSatellites.first(where: { $0.id == satellite }) else {
            throw ExitError.unknownSatellite(satellite)
        }
        let connection = try await parts.dialer.connect(to: url)
        let answer = try await connection.withStream(GracefulExitMethods.process) { stream in
            stream.closeSend()
            return try await stream.receive()
        }
        guard let answer else { throw ExitError.unexpectedAnswer("it is empty") }
        return answer
    }

    private func apply(
        _ answer: GracefulExit_SatelliteMessage, _ satellite: NodeID, to state: inout ExitState
    ) async throws {
        let receipt: ExitReceipt
        switch answer.message {
        case .notReady:
            state.step = .exiting
            state.initiatedAt = state.initiatedAt ?? parts.clock.now().microseconds
            return
        case .exitCompleted(let message):
            receipt = try ExitReceipt(message, satellite: try await parts.trust.identity(of: satellite), node: parts.node)
        case .exitFailed(let message):
            receipt = try ExitReceipt(message, satellite: try await parts.trust.identity(of: satellite), node: parts.node)
        case .transferPiece, .deletePiece:
            throw ExitError.unexpectedAnswer("it asks for transfers, which are not part of an exit any more")
        case nil: throw ExitError.unexpectedAnswer("it is empty")
        }
        state.step = receipt.isCompleted ? .completed : .failed
        state.endedAt = receipt.ended?.microseconds
        state.problem = receipt.reason
        state.receipt = try answer.encoded()
    }

    /// Works for the satellite no longer and deletes its data; a crash in between is made good at the next start.
    private func delete(_ satellite: NodeID, _ state: ExitState) async throws {
        if known.withLock({ $0[satellite]?.step }) == .deleted { return }
        var state = state
        parts.trust.leave(satellite)
        // Measured before: the second try after a crash frees less than the first had begun with.
        let bytes = parts.store.usage(of: satellite).totalBytes
        try await parts.store.deleteAll(of: satellite)
        state.step = .deleted
        state.freedBytes = bytes
        try await save(state, satellite)
        parts.logger.notice(
            "the exit is complete, the satellite's data was deleted",
            metadata: ["satellite": "\(satellite)", "bytes": "\(bytes)"])
        parts.spaceFreed()
    }

    private func save(_ state: ExitState, _ satellite: NodeID) async throws {
        try await parts.pool.run { [self] in
            try StateFile<ExitState>(folder: folder, name: "\(satellite).json", fileSystem: fileSystem).save(state)
            known.withLock { $0[satellite] = state }
        }
    }
}
