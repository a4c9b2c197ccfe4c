package import StorageModel

extension StorageNode {
    /// Everything about money; nil for a node that is not paid.
    package var farmer: Farmer? { rooms.farming?.farmer }

    /// The farmer's side.
    ///
    /// - Throws: `FarmingError.notFarming`.
    package func requireFarmer() throws(FarmingError) -> Farmer {
        guard let farmer else { throw .notFarming }
        return farmer
    }

    /// Claims everything that is promised, whatever it costs.
    ///
    /// - Parameter payer: by whom; nil for all.
    /// - Throws: `FarmingError`, `LedgerError`.
    package func claim(of payer: NodeID?) async throws -> [FarmClaim] {
        guard let farming = rooms.farming else { throw FarmingError.notFarming }
        return try await farming.claims.claimAll(of: payer)
    }
}
