package import Contracts
import Ethereum
package import StorageModel

/// A satellite as somebody who pays: what it stands for, and how the node is paid by it.
package struct Payer: Hashable, Sendable {
    /// How a satellite pays a node.
    package enum Payment: Int64, Hashable, Sendable {
        /// Not at all, or it has not said so yet.
        case none = 0
        /// By vouchers of a channel.
        case channel = 1
        /// By roots of what it owes everybody.
        case root = 2

        /// The word for people.
        package var name: String {
            switch self {
            case .none: "none"
            case .channel: "channel"
            case .root: "root"
            }
        }
    }

    /// Who it is.
    package let satellite: NodeID
    /// What it stands for; nil before it was asked.
    package var manifest: Manifest?
    /// Why the node does not work for it; nil when it does.
    package var refusal: String?
    /// When the manifest was last looked at.
    package var checkedAt: Timestamp?
    /// How it pays.
    package var payment = Payment.none
    /// Its channel; nil for another way.
    package var channel: Channel?
    /// Why the last registration did not succeed; nil when it did.
    package var problem: String?
    /// When the node last registered with success.
    package var registeredAt: Timestamp?

    /// A satellite of which nothing is known.
    init(satellite: NodeID) { self.satellite = satellite }
}
