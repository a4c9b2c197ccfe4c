import Chores
import Contracts
import Database
import Ethereum
import Foundation
import Installation
import Ledger
import Logging
import StorageModel

/// A chain on this machine with our contracts and test tokens on it, for `storj up --chain dev` and for trials.
///
/// It runs in a process of its own, keeps what happened in a journal and goes on with it at the next start.
struct DevelopmentChain: Sendable {
    /// What does not change from start to start: `chain.json` in the network's folder.
    struct File: Codable, Sendable {
        /// Where it listens, on this machine.
        var port: Int
        /// Its number.
        var chainID: UInt64

        static func url(in folder: URL) -> URL { folder.appending(path: "chain.json") }

        /// What was written at first start; nil for a network without a chain of its own.
        static func read(in folder: URL) throws -> File? {
            let url = url(in: folder)
            guard FileManager.default.fileExists(atPath: url.path) else { return nil }
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        }

        func write(in folder: URL) throws { try JSONEncoder().encode(self).write(to: Self.url(in: folder)) }

        /// Where it is asked.
        var endpoint: String { "http://127.0.0.1:\(port)" }

        /// Settings of whoever settles on it, by dotted key.
        func settings(deployer: Address) -> [String: String] {
            let contracts = ContractDeployment.addresses(deployer: deployer)
            return [
                "ledger.kind": "ethereum", "ledger.endpoints": endpoint, "ledger.chain_id": "\(chainID)",
                "ledger.token": "\(contracts.token)", "ledger.channels": "\(contracts.channels)",
                "ledger.payouts": "\(contracts.payouts)", "ledger.agreements": "\(contracts.agreements)",
                "ledger.proofs": "\(contracts.verifier)", "ledger.scan_interval": "1s",
                // Blocks are made only when something happens: the newest one may stay alone for long.
                "ledger.confirmations": "0",
            ]
        }
    }

    private let process: ChildProcess

    /// Starts the chain and puts on it what is missing.
    ///
    /// - Parameters:
    ///   - deployer: makes the contracts, and gets the test tokens.
    ///   - funded: who gets ether, for fees.
    ///   - tokens: what the deployer gets at first start.
    /// - Throws: `ChainProgram.Failure`, `LedgerError`.
    static func start(
        _ file: File, in folder: URL, deployer: PrivateKey, funded: [Address], tokens: TokenAmount, logger: Logger
    ) async throws -> DevelopmentChain {
        let program = try ChainProgram.find()
        let process = try ChildProcess(
            name: "chain", executable: program.python,
            arguments: [
                program.script.path, "--port", "\(file.port)", "--chain-id", "\(file.chainID)", "--until-input-ends",
                "--journal", folder.appending(path: "chain.journal").path,
            ] + ([deployer.address] + funded).flatMap { ["--fund", "\($0)"] },
            log: folder.appending(path: "chain.log"))
        do {
            try await deploy(file, in: folder, deployer, tokens, process, logger)
        } catch {
            await process.stop()
            throw error
        }
        return DevelopmentChain(process: process)
    }

    private static func deploy(
        _ file: File, in folder: URL, _ deployer: PrivateKey, _ tokens: TokenAmount, _ process: ChildProcess,
        _ logger: Logger
    ) async throws {
        let database = try Database.open(.file(path: folder.appending(path: "chain.db").path))
        defer { try? database.close() }
        let settings = EthereumSettings(
            endpoints: [file.endpoint], chainID: file.chainID,
            contracts: ContractDeployment.addresses(deployer: deployer.address), random: .system)
        let backend = EthereumBackend(settings: settings, database: database, sleeper: .system, logger: logger)
        let signer = KeySigner(deployer)
        var attempts = 0
        while true {
            do {
                try await backend.deploy(by: signer)
                break
            } catch let error as LedgerError {
                attempts += 1
                guard case .unreachable = error, attempts < 100 else { throw error }
                if let status = process.exitStatus { throw ChainProgram.Failure.ended(status, log: folder.appending(path: "chain.log").path) }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        if try await backend.balance(of: deployer.address) == .zero {
            try await backend.mint(tokens, to: [deployer.address], by: signer)
        }
    }

    /// Ends the process; the journal keeps what happened.
    func stop() async { await process.stop() }
}

/// The program of the chain: `scripts/dev-chain`, and the Python that `scripts/install-dev-chain` made for it.
struct ChainProgram {
    let python: URL
    let script: URL

    /// Why there is no chain.
    enum Failure: Error, CustomStringConvertible {
        case notInstalled
        case ended(Int32, log: String)

        var description: String {
            switch self {
            case .notInstalled:
                "the development chain is not installed: run scripts/install-dev-chain in the project's folder, or name its "
                    + "Python in STORJ_CHAIN_PYTHON"
            case .ended(let status, let log): "the development chain ended with status \(status); see \(log)"
            }
        }
    }

    /// Looks in the folder of the project that this program was built in, and in the current one.
    ///
    /// - Throws: `Failure.notInstalled`.
    static func find() throws -> ChainProgram {
        let files = FileManager.default
        let executable = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let named = ProcessInfo.processInfo.environment["STORJ_CHAIN_PYTHON"].map { URL(filePath: $0) }
        for start in [URL(filePath: executable), URL(filePath: files.currentDirectoryPath).appending(path: "x")] {
            var folder = start.deletingLastPathComponent()
            while folder.path != "/" {
                let script = folder.appending(path: "scripts/dev-chain")
                let python = named ?? folder.appending(path: ".venv-chain/bin/python")
                if files.fileExists(atPath: script.path), files.fileExists(atPath: python.path) {
                    return ChainProgram(python: python, script: script)
                }
                folder.deleteLastPathComponent()
            }
        }
        throw Failure.notInstalled
    }
}
