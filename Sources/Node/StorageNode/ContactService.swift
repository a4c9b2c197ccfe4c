import Chores
import DRPC
import Ethereum
import Logging
import ServiceLifecycle
import StorageModel
import Synchronization
import WireMessages

/// Keeps every trusted satellite informed: where the node is, how much room it has, whom to pay.
///
/// - Source: protocol document 3 §5.1–5.2.
final class ContactService: Sendable {
    /// One recurring check-in per satellite.
    private let checkIns: Mutex<[NodeID: Cycle]>
    /// Where check-ins with satellites that come later are run.
    let later = LaterCycles()
    private let parts: Parts
    private let lastNotice = Mutex<Timestamp?>(nil)
    private let records: ContactRecords

    /// What a check-in needs.
    struct Parts: Sendable {
        /// The node's settings.
        let settings: StorageNodeSettings
        /// The address satellites hand out.
        let address: AnnouncedAddress
        /// Room for a satellite's pieces, in bytes.
        let freeSpace: @Sendable (NodeID) async throws -> Int64
        /// How satellites are reached.
        let dialer: any RPCDialer
        /// The node's clock.
        let clock: WallClock
        /// How retries wait.
        let sleeper: Sleeper
        /// The log.
        let logger: Logger
        /// Called after each successful check-in.
        let succeeded: @Sendable (NodeID) -> Void
        /// Whether the node still works for a satellite.
        let isActive: @Sendable (NodeID) -> Bool
        /// Who is paid; nil for nobody.
        let farmer: Farmer?
    }

    /// Check-ins with these satellites.
    init(satellites: [NodeURL], parts: Parts) {
        self.parts = parts
        let records = ContactRecords(satellites)
        self.records = records
        checkIns = Mutex(
            Dictionary(
                satellites.map { ($0.id, Self.cycle(for: $0, parts, records)) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The recurring check-ins.
    var cycles: [Cycle] { checkIns.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value) }

    /// Keeps one more satellite informed, from now on.
    func add(_ satellite: NodeURL) {
        records.add(satellite)
        let cycle = checkIns.withLock { checkIns -> Cycle? in
            guard checkIns[satellite.id] == nil else { return nil }
            let cycle = Self.cycle(for: satellite, parts, records)
            checkIns[satellite.id] = cycle
            return cycle
        }
        if let cycle { later.add(cycle) } else { checkIns.withLock { $0[satellite.id] }?.trigger() }
    }

    /// Says nothing of a satellite any more.
    func remove(_ satellite: NodeID) { records.remove(satellite) }

    private static func cycle(for satellite: NodeURL, _ parts: Parts, _ records: ContactRecords) -> Cycle {
        Cycle(
            name: "check-in \(satellite.id)", interval: parts.settings.checkInInterval, startsImmediately: true,
            sleeper: parts.sleeper, clock: parts.clock, logger: parts.logger
        ) {
            // Retries may take as long as the interval; a node that stops does not wait for them.
            guard parts.isActive(satellite.id), let address = records.address(of: satellite.id) else { return }
            let satellite = NodeURL(id: satellite.id, address: address)
            try await cancelWhenGracefulShutdown { try await checkInWithRetries(satellite, parts, records) }
        }
    }

    /// Tells satellites at once that room has run low, at most once per notice pause.
    func noticeSpace(_ freeSpace: Int64) {
        guard freeSpace < parts.settings.lowSpace else { return }
        let now = parts.clock.now()
        let isDue = lastNotice.withLock { last in
            if let last, now.duration(since: last) < parts.settings.lowSpaceNoticePause { return false }
            last = now
            return true
        }
        if isDue { noticeChange() }
    }

    /// Tells satellites at once that something has changed about the node.
    func noticeChange() { for cycle in cycles { cycle.trigger() } }

    /// Announces another address; false when it is the one that is announced.
    func move(to address: String) -> Bool {
        guard parts.address.value != address else { return false }
        parts.address.value = address
        noticeChange()
        return true
    }

    /// The address satellites hand out.
    var announcedAddress: String { parts.address.value }

    /// How the last check-in with each satellite went.
    var contacts: [NodeContact] { records.all }

    private static func checkInWithRetries(
        _ satellite: NodeURL, _ parts: Parts, _ records: ContactRecords
    ) async throws {
        var pause = parts.settings.checkInRetryPause
        while true {
            do {
                try await checkIn(satellite, parts, records)
                return records.note(satellite.id, parts.clock.now(), nil)
            } catch {
                records.note(satellite.id, parts.clock.now(), "\(error)")
                guard pause < parts.settings.checkInInterval else { throw error }
                parts.logger.info(
                    "check-in failed, trying again",
                    metadata: ["satellite": "\(satellite.id)", "error": "\(error)", "pause": "\(pause)"])
            }
            try await parts.sleeper.sleep(pause)
            pause *= 2
        }
    }

    private static func checkIn(_ satellite: NodeURL, _ parts: Parts, _ records: ContactRecords) async throws {
        let connection = try await parts.dialer.connect(to: satellite)
        records.note(satellite.id, clockOffset: try await clockOffset(connection, parts))
        let response = try await connection.call(NodeMethods.checkIn, try await request(satellite.id, parts))
        guard response.pingNodeSuccess else { throw ContactError.notReachable(response.pingErrorMessage) }
        parts.succeeded(satellite.id)
    }

    /// How far the satellite's clock is before this machine's: its answer counts for the middle of the question's way.
    private static func clockOffset(_ connection: any RPCConnection, _ parts: Parts) async throws -> Duration? {
        let asked = parts.clock.now()
        let answer: Node_GetTimeResponse
        do { answer = try await connection.call(NodeMethods.getTime, Node_GetTimeRequest()) } catch is RPCStatusError {
            // It does not tell.
            return nil
        }
        let way = parts.clock.now().duration(since: asked)
        let time = try Wire_Timestamp.value(answer.hasTimestamp ? answer.timestamp : nil)
        return time?.duration(since: asked.advanced(by: way / 2))
    }

    private static func request(_ satellite: NodeID, _ parts: Parts) async throws -> Node_CheckInRequest {
        var request = Node_CheckInRequest()
        request.address = parts.address.value
        request.version.version = parts.settings.version
        request.version.timestamp = Wire_Timestamp(parts.clock.now())
        request.version.release = true
        request.capacity.freeDisk = try await parts.freeSpace(satellite)
        request.operator.email = parts.settings.email
        request.operator.wallet = parts.settings.wallet
        request.features = NodeFeatures.heartbeats
        if let farmer = parts.farmer {
            request.operator.wallet = farmer.keys.wallet.checksummed
            request.features |= NodeFeatures.farmer
            request.signedTags = await PriceTags.signed(farmer)
        }
        return request
    }
}

/// The address satellites hand out; known once the server listens.
final class AnnouncedAddress: Sendable {
    private let text = Mutex("")

    /// `host:port`.
    var value: String {
        get { text.withLock { $0 } }
        set { text.withLock { $0 = newValue } }
    }
}

/// Why a check-in did not succeed although the satellite answered.
enum ContactError: Error, CustomStringConvertible {
    /// The satellite could not dial back; its own words.
    case notReachable(String)

    var description: String {
        switch self {
        case .notReachable(let message): "the satellite cannot reach this node: \(message)"
        }
    }
}
