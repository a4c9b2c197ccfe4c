import ClientCommands
import Contracts
import Ethereum
import Foundation
import Identity
import StorageModel

/// What a satellite has published: itself, or a folder somebody saved it in.
protocol Publication: Sendable {
    /// What the satellite stands for, encoded.
    func manifest() async throws -> [UInt8]
    /// Names of files that begin so.
    func names(prefix: String) async throws -> [String]
    /// A file; nil when there is none with this name.
    func file(_ name: String) async throws -> [UInt8]?
    /// Names that statements of a node may have; not all of them need to be there.
    func statementNames(of node: NodeID) async throws -> [String]
}

extension Publication {
    /// The manifest, with both its signatures checked.
    ///
    /// - Parameter satellite: whose it must be; nil takes the one it names.
    /// - Throws: `CommandFailure` when it is none.
    func verifiedManifest(satellite: NodeID?, now: UInt64?) async throws -> (signed: SignedManifest, satellite: NodeID) {
        do {
            let signed = try SignedManifest(encoded: try await manifest())
            return (signed, try signed.verify(satellite: satellite, now: now).id)
        } catch let error as MessageRefusal {
            throw CommandFailure(.failure, "the manifest does not count: \(error)")
        } catch let error as EthereumError {
            throw CommandFailure(.failure, "this is no manifest: \(error)")
        }
    }

    /// A node's statements, oldest first.
    func statements(of node: NodeID) async throws -> [SignedStatement] {
        var statements: [SignedStatement] = []
        for name in try await statementNames(of: node) {
            guard let bytes = try await file(name) else { continue }
            do { statements.append(try SignedStatement(encoded: bytes)) } catch {
                throw CommandFailure(.failure, "\(name) is no statement: \(error)")
            }
        }
        return statements.sorted { $0.statement.period < $1.statement.period }
    }

    /// The newest published payouts; nil without any.
    func newestPayouts() async throws -> PayoutFile? {
        let prefix = "payouts/"
        let periods = try await names(prefix: prefix).compactMap { UInt64($0.dropFirst(prefix.count).prefix { $0 != "." }) }
        guard let newest = periods.max(), let bytes = try await file("\(prefix)\(newest).bin") else { return nil }
        do { return try PayoutFile(encoded: bytes) } catch {
            throw CommandFailure(.failure, "payouts of period \(newest) cannot be read: \(error)")
        }
    }
}

/// Published files that somebody saved, under the names they were published by.
struct PublishedFolder: Publication {
    let folder: URL

    init(path: String) { folder = URL(filePath: path, directoryHint: .isDirectory) }

    func manifest() async throws -> [UInt8] {
        guard let bytes = try await file("manifest.bin") else {
            throw CommandFailure(.notFound, "there is no manifest.bin in \(folder.path)")
        }
        return bytes
    }

    func names(prefix: String) async throws -> [String] {
        let base = folder.standardizedFileURL.path
        guard let files = FileManager.default.enumerator(atPath: base) else { return [] }
        return files.compactMap { $0 as? String }.filter { $0.hasPrefix(prefix) && !$0.hasSuffix("/") }.sorted()
    }

    func statementNames(of node: NodeID) async throws -> [String] {
        try await names(prefix: "statements/").filter { $0.hasSuffix("/\(node).bin") }
    }

    func file(_ name: String) async throws -> [UInt8]? {
        let url = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try LocalFile.read(url.path)
    }
}

/// Files of this machine.
enum LocalFile {
    /// All of a file.
    ///
    /// - Throws: `CommandFailure`.
    static func read(_ path: String) throws -> [UInt8] {
        do { return Array(try Data(contentsOf: URL(filePath: path))) } catch {
            throw CommandFailure(.notFound, "cannot read \(path): \(error.localizedDescription)")
        }
    }
}
