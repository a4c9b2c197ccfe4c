package import StorageModel
import Synchronization

extension Overlay {
    /// Lets the choice of nodes follow the market from now on.
    ///
    /// - Parameter offers: of all nodes that have one; the others count with the reference price.
    package func setOffers(_ offers: [NodeID: NodeOffer]) {
        state.withLock { state in
            guard state.offers != offers else { return }
            state.offers = offers
            state.candidates = [:]
        }
    }

    /// The same for one node; does nothing while there is no market.
    package func setOffer(_ offer: NodeOffer, of node: NodeID) {
        state.withLock { state in
            guard state.offers != nil, state.offers?[node] != offer else { return }
            state.offers?[node] = offer
            state.candidates = [:]
        }
    }

    /// What the choice of nodes follows; nil while it knows no market.
    package func offers() -> [NodeID: NodeOffer]? { state.withLock { $0.offers } }
}
