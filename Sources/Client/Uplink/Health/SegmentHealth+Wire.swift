import StorageModel
import WireMessages

extension SegmentHealth {
    /// Reads what a satellite says of a segment.
    ///
    /// - Throws: `.satelliteError` when its numbers cannot be.
    init(_ message: Health_SegmentHealth, _ subject: CallSubject) throws(UplinkError) {
        guard message.position >= 0, message.position & 0x8000_0000 == 0, message.encryptedSize >= 0 else {
            throw .badAnswer("a segment has no possible position or size", about: subject)
        }
        let counts = [message.healthy, message.retrievable, message.required, message.repair, message.optimal]
        guard (0...256).contains(message.total), counts.allSatisfy({ (0...message.total).contains($0) }),
            message.pieces.count <= message.total
        else { throw .badAnswer("the counts of a segment's pieces contradict each other", about: subject) }
        var pieces: [Piece] = []
        pieces.reserveCapacity(message.pieces.count)
        for piece in message.pieces { pieces.append(try Piece(piece, total: Int(message.total), subject)) }
        guard Set(pieces.map(\.number)).count == pieces.count else {
            throw .badAnswer("a segment has a piece twice", about: subject)
        }
        let position = SegmentPosition(encoded: message.position)
        self.init(
            partNumber: Int(position.part), index: Int(position.index), encryptedSize: message.encryptedSize,
            isInline: message.isInline, required: Int(message.required), repair: Int(message.repair),
            optimal: Int(message.optimal), total: Int(message.total), healthy: Int(message.healthy),
            retrievable: Int(message.retrievable), isQueuedForRepair: message.isQueuedForRepair,
            pieces: pieces.sorted { $0.number < $1.number })
    }
}

extension SegmentHealth.Piece {
    init(_ message: Health_PieceHealth, total: Int, _ subject: CallSubject) throws(UplinkError) {
        guard let node = NodeID(message.nodeID), (0..<total).contains(Int(message.number)) else {
            throw .badAnswer("a piece has no possible number or node", about: subject)
        }
        // Names are for people: what no country or network is called is cut, not refused.
        self.init(
            number: Int(message.number), node: "\(node)", state: .init(message.state),
            country: String(message.country.prefix(16)), network: String(message.network.prefix(64)))
    }
}

extension SegmentHealth.State {
    init(_ state: Health_PieceHealth.State) {
        switch state {
        case .healthy: self = .healthy
        case .offline: self = .offline
        case .suspended: self = .suspended
        case .exiting: self = .exiting
        case .clumped: self = .clumped
        case .outOfPlacement: self = .outOfPlacement
        case .lost: self = .lost
        case .UNRECOGNIZED: self = .unknown
        }
    }
}
