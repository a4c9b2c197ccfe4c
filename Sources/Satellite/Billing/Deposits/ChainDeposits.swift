package import Ethereum
package import Ledger

/// Deposits on a chain: what a scanner of token transfers finds.
package struct ChainDeposits: DepositSource {
    package let token: Address?
    private let scanner: TransferScanner

    /// Deposits of a token.
    ///
    /// - Parameter scanner: opened, and scanning for this token.
    package init(scanner: TransferScanner, token: Address) {
        self.scanner = scanner
        self.token = token
    }

    package func watch(_ addresses: [Address]) async throws { try await scanner.watch(addresses) }

    package func changes(after cursor: Int64, limit: Int) async throws -> DepositPage {
        try await scanner.scan()
        let page = try await scanner.changes(after: cursor, limit: limit)
        return DepositPage(
            changes: page.changes.map { change in
                switch change {
                case .added(let transfer): .added(DepositTransfer(transfer))
                case .retracted(let transfer):
                    .retracted(
                        chainID: transfer.place.chainID, blockHash: transfer.place.blockHash,
                        transaction: transfer.place.transaction, index: transfer.place.logIndex)
                }
            }, next: page.next, head: page.head)
    }
}

extension DepositTransfer {
    fileprivate init(_ transfer: TokenTransfer) {
        self.init(
            chainID: transfer.place.chainID, height: transfer.place.height, blockHash: transfer.place.blockHash,
            transaction: transfer.place.transaction, index: transfer.place.logIndex, token: transfer.token,
            from: transfer.from, to: transfer.to, amount: transfer.amount, time: transfer.time)
    }
}
