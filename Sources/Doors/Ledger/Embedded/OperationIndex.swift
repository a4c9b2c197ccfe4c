import Ethereum
import StorageModel

/// Where operations are in the log, by the names their senders gave them.
struct OperationIndex: Sendable {
    /// An operation's place.
    struct Place: Sendable, Hashable {
        let sender: Address
        let line: UInt64
        let height: UInt64
    }

    /// Nearly every name is used by one sender only.
    private var first: [Bytes32: Place] = [:]
    private var others: [Bytes32: [Place]] = [:]

    mutating func insert(_ id: Bytes32, _ place: Place) {
        if first[id] == nil { first[id] = place } else { others[id, default: []].append(place) }
    }

    /// The operation of a sender by its name.
    func place(of id: Bytes32, by sender: Address) -> Place? {
        guard let place = first[id] else { return nil }
        return place.sender == sender ? place : others[id]?.first { $0.sender == sender }
    }

    /// The operation by its name when only one sender used it.
    func place(of id: Bytes32) -> Place? { others[id] == nil ? first[id] : nil }
}
