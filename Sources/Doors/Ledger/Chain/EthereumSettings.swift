package import Ethereum
package import StorageModel

/// A ledger that is contracts on a chain.
package struct EthereumSettings: Sendable {
    /// URLs of JSON-RPC endpoints; several have to agree.
    package var endpoints: [String]
    /// Which chain it has to be.
    package var chainID: UInt64
    /// Where the token and our contracts are.
    package var contracts: ContractAddresses
    /// Blocks on top of one, until it counts as staying.
    package var confirmations: UInt64 = 15
    /// Whose free transfers of the token are events, besides those our contracts take part in.
    package var transfers = TransferScope.contracts
    /// How the chain is asked.
    package var rpc = RPCSettings()
    /// How logs are read; `start` is the block of the contracts' deployment.
    package var scanner = ScannerSettings()
    /// What transactions may cost.
    package var fees = FeeSettings()
    /// Makes the ids of intents.
    package var random: RandomSource

    /// Which of the token's transfers are read.
    package enum TransferScope: Hashable, Sendable {
        /// From and to our contracts.
        case contracts
        /// Also from and to these accounts.
        case accounts([Address])
        /// All there are: for a token of one's own.
        case all
    }

    /// A ledger on a chain.
    package init(endpoints: [String], chainID: UInt64, contracts: ContractAddresses, random: RandomSource) {
        self.endpoints = endpoints
        self.chainID = chainID
        self.contracts = contracts
        self.random = random
    }

    /// A new id.
    func newID() -> Bytes32 {
        guard let id = Bytes32(random.bytes(count: Bytes32.byteCount)) else { preconditionFailure("thirty-two bytes were asked") }
        return id
    }
}
