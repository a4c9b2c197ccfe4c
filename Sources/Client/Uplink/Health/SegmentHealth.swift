/// How one segment of an object is doing: where its pieces are and in what state.
///
/// A download needs any `required` of the pieces. The satellite makes missing pieces anew once no more than `repair` of
/// them are healthy.
public struct SegmentHealth: Hashable, Sendable {
    /// A piece of the segment.
    public struct Piece: Hashable, Sendable {
        /// The piece's number in the segment.
        public let number: Int
        /// The id of the node that holds it.
        public let node: String
        /// How the piece is doing.
        public let state: State
        /// Where the node is, two letters; empty when the satellite does not know.
        public let country: String
        /// The network the node is in; empty when the satellite does not know.
        public let network: String

        package init(number: Int, node: String, state: State, country: String, network: String) {
            self.number = number
            self.node = node
            self.state = state
            self.country = country
            self.network = network
        }
    }

    /// How a piece is doing, as the satellite sees it.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// On a node in good standing that is online.
        case healthy
        /// Its node does not answer just now.
        case offline
        /// Its node answers, but is under suspicion.
        case suspended
        /// Its node is leaving.
        case exiting
        /// Another piece of the segment lies in the same network.
        case clumped
        /// Its node is not where the bucket wants its data.
        case outOfPlacement
        /// Its node is gone for good.
        case lost
        /// The satellite says something that this library does not know.
        case unknown
    }

    /// In a word, the best first.
    public enum Condition: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Kept by the satellite itself, without pieces.
        case inline
        /// More healthy pieces than the repair threshold.
        case healthy
        /// Not more, so that it will be repaired; a download finds enough pieces.
        case degraded
        /// A download finds enough pieces, but only just.
        case atRisk
        /// A download does not find enough pieces, unless nodes come back.
        case lost

        public static func < (left: Self, right: Self) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// A segment with no more retrievable pieces to spare is at risk; no more than half of what lies between the required
    /// pieces and the repair threshold. Satellites report by the same margin.
    static let riskMargin = 2

    /// The part of a multipart upload; 0 otherwise.
    public let partNumber: Int
    /// The segment's index in the part.
    public let index: Int
    /// Encrypted bytes, without redundancy.
    public let encryptedSize: Int64
    /// Whether the satellite itself keeps it, without pieces.
    public let isInline: Bool
    /// Pieces that a download needs.
    public let required: Int
    /// With no more healthy pieces than this the segment is repaired.
    public let repair: Int
    /// Pieces that an upload or a repair aims at.
    public let optimal: Int
    /// Pieces there can be.
    public let total: Int
    /// Pieces that count as healthy.
    public let healthy: Int
    /// Pieces that a download can get.
    public let retrievable: Int
    /// Whether it waits for repair.
    public let isQueuedForRepair: Bool
    /// Its pieces, by number.
    public let pieces: [Piece]

    package init(
        partNumber: Int, index: Int, encryptedSize: Int64, isInline: Bool, required: Int, repair: Int, optimal: Int,
        total: Int, healthy: Int, retrievable: Int, isQueuedForRepair: Bool, pieces: [Piece]
    ) {
        self.partNumber = partNumber
        self.index = index
        self.encryptedSize = encryptedSize
        self.isInline = isInline
        self.required = required
        self.repair = repair
        self.optimal = optimal
        self.total = total
        self.healthy = healthy
        self.retrievable = retrievable
        self.isQueuedForRepair = isQueuedForRepair
        self.pieces = pieces
    }

    /// How it is doing, in a word.
    public var condition: Condition {
        if isInline { return .inline }
        if retrievable < required { return .lost }
        if retrievable <= required + min(Self.riskMargin, max(0, repair - required) / 2) { return .atRisk }
        return healthy > repair ? .healthy : .degraded
    }
}
