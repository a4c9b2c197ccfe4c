import ArgumentParser
import Contracts
import Direct
import Ethereum
import Foundation
import Ledger
import StorageModel

/// `storj-bench dispute`: a payer who refuses to sign, and a farmer who cannot prove, on both kinds of ledger.
struct DisputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute", abstract: "Shows how disputes between a customer and farmers end, with what they cost.",
        discussion: """
            Three farmers with real nodes keep a customer's data under agreements. Time is accelerated. The customer refuses
            every receipt; two farmers prove on the ledger and are paid; the third has lost its disk: the customer takes its
            pay back, with a part of the collateral. It fails when an amount is not what the terms say.
            """)

    @Option(name: .customLong("chain-python"), help: "The Python of a development chain; none: only our own ledger.")
    var python: String?

    @Option(name: .customLong("chain-script"), help: "The development chain.")
    var script = "scripts/dev-chain"

    func run() async throws {
        print("== our own ledger")
        try await Workload.withFolder { folder in
            let world = try await EmbeddedDisputeWorld(folder: folder.appending(path: "ledger"))
            try await DisputeShow(world: world, folder: folder).run()
            try await world.close()
        }
        guard let python else {
            print("== development chain: skipped, not installed (scripts/install-dev-chain)")
            return
        }
        print("== development chain")
        try await Workload.withFolder { folder in
            try await ChainDisputeWorld.with(python: python, script: script) { world in
                try await DisputeShow(world: world, folder: folder).run()
            }
        }
    }
}

/// A ledger whose time can be turned.
protocol DisputeWorld: Sendable {
    var backend: any SettlementBackend { get }
    /// The ledger's time, for everybody's clocks.
    var clock: WallClock { get }
    /// Keys that can pay for operations, the customer's first.
    var wallets: [PrivateKey] { get }
    func mint(_ amount: TokenAmount, to owners: [Address]) async throws
    func pass(seconds: Int64) async throws
    func mine(_ count: Int) async throws
    /// Brings what was mined into `events`.
    func read() async throws
    /// What a transaction cost; nil where nothing costs anything.
    func gas(of transactions: [Bytes32]) async throws -> [UInt64?]
}

/// A show whose amounts are wrong.
struct DisputeFailure: Error, CustomStringConvertible {
    let description: String
}
