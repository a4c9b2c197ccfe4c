import Contracts
import Database
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

extension ChainTown {
    /// A stage of the conformance suite on a development chain.
    static func withStage(_ body: (SettlementStage) async throws -> Void) async throws {
        let seed: UInt64 = 43
        let deployer = KeySigner(.generate(random: .seeded(7)))
        // The stage makes its people of the same source: their accounts are known before.
        let source = RandomSource.seeded(seed)
        let people = (0..<3).map { _ in PrivateKey.generate(random: source).address }
        try await DevChain.with(funded: [deployer.address] + people) { chain in
            let backend = makeBackend(
                chain.url, deployer.address, try Database.open(.memory), confirmations: 0, random: .seeded(8))
            try await backend.deploy(by: deployer)
            try await backend.start()
            let stage = try await SettlementStage(
                backend: backend, operatorSigner: deployer, random: .seeded(seed),
                turnClock: { seconds in
                    // An empty block just before the moment: the next operation's block has it.
                    let head = try await backend.chain.head()
                    try await chain.ask("evm_setNextBlockTimestamp", .number("\(head.time + seconds)"))
                    try await chain.mine()
                }, addBlocks: { try await chain.mine($0) })
            #expect([stage.payer, stage.farmer, stage.other].map(\.address) == people)
            try await body(stage)
        }
    }
}
