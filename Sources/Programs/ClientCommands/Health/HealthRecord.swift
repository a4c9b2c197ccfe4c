import Uplink

/// A segment as a line of JSON.
struct SegmentRecord: Encodable {
    struct Piece: Encodable {
        let number: Int
        let node: String
        let state: String
        let country: String
        let network: String
    }

    let partNumber: Int
    let index: Int
    let encryptedSize: Int64
    let condition: String
    let required: Int
    let repair: Int
    let optimal: Int
    let total: Int
    let healthy: Int
    let retrievable: Int
    let isQueuedForRepair: Bool
    let pieces: [Piece]

    init(_ segment: SegmentHealth) {
        partNumber = segment.partNumber
        index = segment.index
        encryptedSize = segment.encryptedSize
        condition = segment.condition.rawValue
        required = segment.required
        repair = segment.repair
        optimal = segment.optimal
        total = segment.total
        healthy = segment.healthy
        retrievable = segment.retrievable
        isQueuedForRepair = segment.isQueuedForRepair
        pieces = segment.pieces.map {
            Piece(
                number: $0.number, node: $0.node, state: $0.state.rawValue, country: $0.country, network: $0.network)
        }
    }
}

/// The whole object; the last line of JSON.
struct HealthSummary: Encodable {
    /// Tells this line from those of segments; always true.
    let summary = true
    let bucket: String
    let key: String
    /// The worst of its segments; absent without segments.
    let condition: String?
    let segments: Int
    let conditions: [String: Int]
    let queuedForRepair: Int
    let pieces: Int
    let states: [String: Int]
    let countries: [String: Int]
    let networks: [String: Int]
    let nodes: Int

    init(_ tally: HealthTally, of place: RemotePath) {
        func named<Kind: RawRepresentable<String>>(_ counts: [Kind: Int]) -> [String: Int] {
            Dictionary(counts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)
        }
        bucket = place.bucket
        key = place.key
        condition = tally.worst?.rawValue
        segments = tally.segmentCount
        conditions = named(tally.conditions)
        queuedForRepair = tally.queuedCount
        pieces = tally.pieceCount
        states = named(tally.states)
        countries = tally.countries
        networks = tally.networks
        nodes = tally.nodes.count
    }
}
