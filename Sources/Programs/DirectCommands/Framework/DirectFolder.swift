import Chores
import ClientCommands
import Contracts
import DRPC
import Database
import Direct
import Encryption
import Ethereum
import Foundation
import Identity
import Installation
import Ledger
import Logging
import StorageModel

/// A customer's folder: who it is, what it pays with, and what it stored where.
struct DirectFolder {
    let url: URL
    let environment: [String: String]

    private var settingsFile: URL { url.appending(path: "settings.json") }
    private var keyFile: URL { url.appending(path: "content.key") }
    private var nodesFile: URL { url.appending(path: "nodes") }

    /// A customer with everything it holds open.
    struct Open {
        let customer: Customer
        let close: () async -> Void
    }

    /// Makes the folder's secrets unless they are there, and remembers settings.
    ///
    /// - Returns: the wallet's address.
    func create(_ overrides: [String: String], random: RandomSource = .system) async throws -> Address {
        _ = try SettingsValues(
            program: nil, definitions: SettingDefinition.customer, flags: overrides, environment: [:], file: nil)
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if !IdentityFiles.exist(in: url) {
            // Nobody checks how hard a customer's id was to make.
            _ = try await IdentityFiles.create(in: url, difficulty: 8, tasks: 1, random: random)
        }
        let wallet = try WalletFiles.create(.wallet, in: url, cost: .light, random: random)
        try WalletFiles.create(.hot, in: url, cost: .light, random: random)
        if !FileManager.default.fileExists(atPath: keyFile.path) {
            try SecretFile.write(Data(Hexadecimal.encode(random.bytes(count: 32)).utf8), to: keyFile)
        }
        let known = try SettingsValues.read(settingsFile)
        try SettingsFile.write(known.merging(overrides) { $1 }, to: settingsFile)
        return wallet
    }

    /// The wallet's address; nil when there is no customer here.
    func wallet() throws -> Address? { try WalletFiles.load(.wallet, in: url)?.address }

    /// The nodes that were named so far.
    func nodes() throws -> [NodeURL] {
        guard FileManager.default.fileExists(atPath: nodesFile.path) else { return [] }
        return try Self.parse(String(decoding: try Data(contentsOf: nodesFile), as: UTF8.self).split { $0.isNewline }.map(String.init))
    }

    /// Adds nodes to those that were named; returns all.
    func remember(_ texts: [String]) throws -> [NodeURL] {
        var nodes = try nodes()
        for node in try Self.parse(texts) {
            nodes.removeAll { $0.id == node.id }
            nodes.append(node)
        }
        let text = nodes.map { "\($0)\n" }.joined()
        if !texts.isEmpty { try SecretFile.write(Data(text.utf8), to: nodesFile) }
        return nodes
    }

    static func parse(_ texts: [String]) throws -> [NodeURL] {
        try texts.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map { text in
            guard let node = try? NodeURL(text: text), !node.id.isZero, node.hostAndPort != nil else {
                throw CommandFailure(.usage, "\"\(text)\" is not a node's ID@HOST:PORT")
            }
            return node
        }
    }

    /// Opens the customer.
    func open(_ settings: DirectSettings) async throws -> Open {
        guard IdentityFiles.exist(in: url), let wallet = try WalletFiles.load(.wallet, in: url),
            let signer = try WalletFiles.load(.hot, in: url), let key = try contentKey()
        else {
            throw CommandFailure(
                .settings, "\(url.path) is not a customer's folder", advice: "Make one with storj direct init --dir \(url.path)")
        }
        let values = try SettingsValues(
            program: "direct", definitions: SettingDefinition.customer, flags: [:],
            environment: environment.filter { !$0.value.isEmpty }, file: settingsFile)
        let logger = Self.logger(values)
        let identity = try IdentityFiles.load(from: url)
        let loops = RPCEventLoops(threadCount: 2)
        var dialing = RPCDialerSettings()
        dialing.maximumIdlePerNode = 16
        let dialer = try TLSDialer(identity: identity, settings: dialing, eventLoops: loops)
        let database = try Database.open(.file(path: url.appending(path: "direct.db").path))
        @Sendable func closeAll() async {
            await dialer.close()
            await loops.shutdown()
            // Everything that was acknowledged is on the disk already.
            do { try database.close() } catch { logger.warning("the books did not close", metadata: ["error": "\(error)"]) }
        }
        do {
            let ledger = try await DirectLedger.open(
                values, folder: url, dialer: dialer, database: database, logger: logger)
            let customer = try await Customer(
                parts: DirectParts(
                    identity: identity, wallet: wallet, signer: signer, contentKey: key, database: database,
                    ledger: ledger, quotes: try DirectLedger.quotes(values), dialer: dialer, clock: .system,
                    sleeper: .system, random: .system, logger: logger),
                settings: settings)
            return Open(customer: customer, close: closeAll)
        } catch {
            await closeAll()
            throw error
        }
    }

    private static func logger(_ values: SettingsValues) -> Logger {
        var logger = Logger(label: "storj") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: values.text("log_level")) ?? .error
        return logger
    }

    private func contentKey() throws -> EncryptionKey? {
        guard FileManager.default.fileExists(atPath: keyFile.path) else { return nil }
        let text = String(decoding: try Data(contentsOf: keyFile), as: UTF8.self).filter { !$0.isWhitespace }
        return Hexadecimal.decode(text).flatMap { EncryptionKey($0) }
    }
}
