package import Contracts
package import Ethereum
import StorageModel

extension ContractArtifact {
    /// Whether the code at an address begins with this contract's; what follows is what it was made with.
    func isCode(_ code: [UInt8]) -> Bool {
        code.count >= runtimeSize && Hexadecimal.encode(Keccak256.hash(code.prefix(runtimeSize)).bytes) == runtimeHash
    }

    /// What a transaction carries to make the contract.
    ///
    /// - Throws: `LedgerError.malformed` for an artifact that is not hexadecimal.
    func creation(_ arguments: [Address] = []) throws(LedgerError) -> [UInt8] {
        guard let code = Hexadecimal.decode(deployCode) else { throw .malformed("artifact \(name)") }
        return code + ABIValue.encode(arguments.map { .address($0) })
    }
}

/// Puts our contracts on a chain, in a fixed order from a key's first transaction: their addresses are known before.
package enum ContractDeployment {
    /// Where the contracts of a key will be; with a token of one's own, or one that is there.
    ///
    /// - Source: Ethereum Yellow Paper, section 7: the hash of creator and nonce.
    package static func addresses(deployer: Address, token: Address? = nil) -> ContractAddresses {
        let first: UInt64 = token == nil ? 1 : 0
        return ContractAddresses(
            token: token ?? address(of: deployer, nonce: 0), channels: address(of: deployer, nonce: first + 1),
            payouts: address(of: deployer, nonce: first + 2), agreements: address(of: deployer, nonce: first + 3),
            verifier: address(of: deployer, nonce: first))
    }

    static func address(of creator: Address, nonce: UInt64) -> Address {
        Address(padded: Keccak256.hash(RLP.list([.bytes(creator.bytes), .number(nonce)]).encoded))
    }
}

extension EthereumBackend {
    /// Deploys what is not there yet, and waits until all of it is in blocks. The settings' addresses have to be
    /// `ContractDeployment.addresses(deployer:token:)`; a deployment that was interrupted goes on.
    ///
    /// - Throws: `LedgerError.wrongCode` when an address is taken, for instance because the key was used before.
    package func deploy(by signer: any SettlementSigner) async throws {
        try await openTables()
        let contracts = settings.contracts
        let sender = sender(signer.address)
        await sender.use(signer)
        var parts: [(Address, ContractArtifact, [Address])] = [
            (contracts.verifier, .blake3, []), (contracts.channels, .channels, [contracts.token]),
            (contracts.payouts, .payouts, [contracts.token]),
            (contracts.agreements, .agreements, [contracts.token, contracts.verifier]),
        ]
        if contracts.token == ContractDeployment.addresses(deployer: signer.address).token {
            parts.insert((contracts.token, .testToken, []), at: 0)
        }
        try await asking {
            for (address, artifact, arguments) in parts {
                let code = try await chain.code(at: address)
                if artifact.isCode(code) { continue }
                guard code.isEmpty else { throw LedgerError.wrongCode(address) }
                // The same id in every run: a second deployment finds the first one's intent.
                let id = Keccak256.hash(Array("deployment".utf8) + address.bytes)
                try await sender.submit(
                    Intent(id: id, sender: signer.address, receiver: nil, data: try artifact.creation(arguments)))
                try await wait(for: [id], sender)
                guard artifact.isCode(try await chain.code(at: address)) else { throw LedgerError.wrongCode(address) }
            }
        }
    }

    /// Makes test tokens for others; only the test token's deployer can.
    package func mint(_ amount: TokenAmount, to owners: [Address], by signer: any SettlementSigner) async throws {
        let sender = sender(signer.address)
        for owner in owners {
            let id = try await submit(.mint(to: owner, amount), by: signer, id: nil)
            try await asking { try await wait(for: [id.storage], sender) }
        }
    }
}
