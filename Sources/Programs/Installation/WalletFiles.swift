package import Ethereum
package import Foundation
package import StorageModel

/// The keys of money in a server's folder: the wallet that is paid, and the hot key that signs every day.
///
/// Both are key files as wallets exchange them, under one password that lies beside them and that only the owner may read:
/// a server must start without anybody to type it. Who wants more keeps the wallet elsewhere and names its address.
///
/// - Source: economy design §3; Web3 Secret Storage Definition, version 3.
package enum WalletFiles {
    /// Why the keys cannot be used.
    package enum Failure: Error, CustomStringConvertible {
        /// A file is there that cannot be read; the text says why.
        case unreadable(path: String, reason: String)
        /// A key file without the password that opens it.
        case passwordMissing(path: String)
        /// A file that others could read.
        case readableByOthers(path: String)

        package var description: String {
            switch self {
            case .unreadable(let path, let reason): "key file \(path) cannot be used: \(reason)"
            case .passwordMissing(let path): "the password of the key files is missing: \(path)"
            case .readableByOthers(let path): "\(path) can be read by others: take their rights away with chmod 600"
            }
        }
    }

    /// One of the keys.
    package enum Name: String, Sendable {
        /// Is paid, opens and closes channels.
        case wallet = "wallet.json"
        /// Signs price sheets, vouchers and receipts.
        case hot = "hot.json"
        /// Of a satellite: anchors what partners are owed.
        case partners = "partners.json"
    }

    private static let passwordName = "wallet.password"

    /// Makes a key unless there is one, and the password unless there is one.
    ///
    /// - Parameters:
    ///   - password: instead of one that nobody can guess; only for the first key of a folder.
    ///   - cost: how hard guessing is made; with the password in the same folder it only guards copies of the file alone.
    /// - Returns: the key's address.
    /// - Throws: `Failure`, or an error of the disk.
    @discardableResult
    package static func create(
        _ name: Name, in folder: URL, password: String? = nil, cost: KeyFile.Cost = .standard, random: RandomSource
    ) throws -> Address {
        if let key = try load(name, in: folder) { return key.address }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let secret = folder.appending(path: passwordName)
        if !FileManager.default.fileExists(atPath: secret.path) {
            let text = password ?? Hexadecimal.encode(random.bytes(count: 32))
            try SecretFile.write(Data(text.utf8), to: secret)
        }
        let key = PrivateKey.generate(random: random)
        let file = try KeyFile(key, password: try self.password(in: folder), cost: cost, random: random)
        try SecretFile.write(file.json, to: folder.appending(path: name.rawValue))
        return key.address
    }

    /// Opens a key; nil when there is none.
    ///
    /// - Throws: `Failure`.
    package static func load(_ name: Name, in folder: URL) throws -> PrivateKey? {
        let url = folder.appending(path: name.rawValue)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let data = try secret(url)
        let password = try password(in: folder)
        do { return try KeyFile(json: data).open(password: password) } catch {
            throw Failure.unreadable(path: url.path, reason: "\(error)")
        }
    }

    private static func password(in folder: URL) throws -> String {
        let url = folder.appending(path: passwordName)
        guard FileManager.default.fileExists(atPath: url.path) else { throw Failure.passwordMissing(path: url.path) }
        let text = String(decoding: try secret(url), as: UTF8.self)
        // Editors end a file with a line end, and people do not mean it.
        return String(text.reversed().drop { $0.isNewline }.reversed())
    }

    private static func secret(_ url: URL) throws -> Data {
        let rights = try? FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
        // A file system without rights tells none; there is nothing to refuse then.
        if let rights, rights & 0o077 != 0 { throw Failure.readableByOthers(path: url.path) }
        do { return try Data(contentsOf: url) } catch {
            throw Failure.unreadable(path: url.path, reason: error.localizedDescription)
        }
    }
}
