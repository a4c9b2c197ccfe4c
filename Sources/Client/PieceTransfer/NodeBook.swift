internal import Identity
package import StorageModel
internal import Synchronization

/// What this process has seen of nodes: who was silent or failed lately, who is slow, and whose certificates are known.
///
/// One for all transfers of a process, so that a segment profits from what the one before has met.
package final class NodeBook: Sendable {
    /// How long a node that was silent or failed is asked last.
    private static let suspicion: Duration = .seconds(30)
    /// A node slower than this part of the median is asked after the others.
    private static let slowness = 0.33
    /// Nodes remembered; beyond, the book starts anew.
    private static let maximumNodes = 4096
    /// The weight of the newest of a node's speeds.
    private static let newestWeight = 0.3

    private struct Entry {
        var suspectUntil: Timestamp?
        /// Bytes a second, smoothed.
        var speed: Double?
        var identity: PeerIdentity?
    }

    private struct State {
        var entries: [NodeID: Entry] = [:]

        subscript(node: NodeID) -> Entry {
            get { entries[node] ?? Entry() }
            set {
                if entries.count >= NodeBook.maximumNodes, entries[node] == nil { entries.removeAll() }
                entries[node] = newValue
            }
        }
    }

    private let clock: TransferClock
    private let state = Mutex(State())

    /// A book without entries.
    package init(clock: TransferClock) {
        self.clock = clock
    }

    /// A node moved `bytes` in `time`.
    package func succeeded(_ node: NodeID, bytes: Int64, in time: Duration) {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        let speed = Double(bytes) / max(seconds, 0.001)
        state.withLock { state in
            var entry = state[node]
            entry.suspectUntil = nil
            entry.speed = entry.speed.map { $0 + (speed - $0) * Self.newestWeight } ?? speed
            state[node] = entry
        }
    }

    /// A node refused, lied or broke off.
    package func failed(_ node: NodeID) { suspect(node) }

    /// A node was silent while others moved on.
    package func stalled(_ node: NodeID) { suspect(node) }

    private func suspect(_ node: NodeID) {
        let end = clock.now().advanced(by: Self.suspicion)
        state.withLock { $0[node].suspectUntil = end }
    }

    /// Whether a node failed or was silent a short time ago.
    package func isSuspect(_ node: NodeID) -> Bool {
        let now = clock.now()
        return state.withLock { Self.isSuspect($0.entries[node], at: now) }
    }

    private static func isSuspect(_ entry: Entry?, at now: Timestamp) -> Bool {
        guard let end = entry?.suspectUntil else { return false }
        return now < end
    }

    /// Piece numbers in the order in which their nodes are best asked; equally good ones stay as they are.
    package func ordered(_ numbers: [Int], by node: (Int) -> NodeID) -> [Int] {
        let now = clock.now()
        let entries = state.withLock { state in numbers.map { state.entries[node($0)] } }
        let speeds = entries.compactMap { $0?.speed }.sorted()
        let slow = speeds.isEmpty ? 0 : speeds[speeds.count / 2] * Self.slowness
        let ranks = entries.map { entry in
            if Self.isSuspect(entry, at: now) { return 2 }
            return (entry?.speed ?? .infinity) < slow ? 1 : 0
        }
        return (0...2).flatMap { rank in numbers.indices.filter { ranks[$0] == rank }.map { numbers[$0] } }
    }

    /// The verified identity behind the certificates in a node's answer; costly only when they are new.
    ///
    /// - Parameters:
    ///   - certificates: in DER, leaf first, one after the other; empty when the node sent none.
    ///   - peer: who answered on the connection.
    /// - Throws: `IdentityError`, and `noIdentity` of `PieceRefusal` when there is none at all.
    func identity(_ node: NodeID, certificates: [UInt8], peer: PeerIdentity?) throws -> PeerIdentity {
        if let peer, certificates.isEmpty || peer.chain.isConcatenated(as: certificates) { return peer }
        guard !certificates.isEmpty else { throw PieceRefusal.noIdentity }
        if let known = state.withLock({ $0.entries[node]?.identity }), known.chain.isConcatenated(as: certificates) {
            return known
        }
        let identity = try PeerIdentity(concatenated: certificates)
        state.withLock { $0[node].identity = identity }
        return identity
    }
}

extension CertificateChain {
    /// Whether `bytes` are the certificates one after the other.
    fileprivate func isConcatenated(as bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        for certificate in certificates {
            guard rest.starts(with: certificate) else { return false }
            rest = rest.dropFirst(certificate.count)
        }
        return rest.isEmpty
    }
}
