import Ethereum
import Foundation
import Installation
import StorageModel
import TestSupport
import Testing

@Suite struct WalletFilesTests {
    private func rights(_ name: String, in folder: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[.posixPermissions] as? Int
    }

    @Test func `keys are made once, and only their owner may read them`() async throws {
        try await withTemporaryFolder { folder in
            #expect(try WalletFiles.load(.wallet, in: folder) == nil)
            let wallet = try WalletFiles.create(.wallet, in: folder, cost: .light, random: .seeded(1))
            let hot = try WalletFiles.create(.hot, in: folder, cost: .light, random: .seeded(2))
            #expect(wallet != hot)
            #expect(try WalletFiles.create(.wallet, in: folder, cost: .light, random: .seeded(3)) == wallet)
            #expect(try WalletFiles.load(.hot, in: folder)?.address == hot)
            for name in ["wallet.json", "hot.json", "wallet.password"] { #expect(try rights(name, in: folder) == 0o600) }
        }
    }

    @Test func `a key that others can read, without its password, or with another one, is refused`() async throws {
        try await withTemporaryFolder { folder in
            try WalletFiles.create(.wallet, in: folder, cost: .light, random: .seeded(1))
            let (key, password) = (folder.appending(path: "wallet.json"), folder.appending(path: "wallet.password"))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key.path)
            #expect(throws: WalletFiles.Failure.self) { try WalletFiles.load(.wallet, in: folder) }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
            #expect(try WalletFiles.load(.wallet, in: folder) != nil)
            try SecretFile.write(Data("another".utf8), to: password)
            #expect(throws: WalletFiles.Failure.self) { try WalletFiles.load(.wallet, in: folder) }
            try FileManager.default.removeItem(at: password)
            #expect(throws: WalletFiles.Failure.self) { try WalletFiles.load(.wallet, in: folder) }
        }
    }

    @Test func `a password of the farmer's own opens the key file elsewhere too`() async throws {
        try await withTemporaryFolder { folder in
            let address = try WalletFiles.create(.wallet, in: folder, password: "correct horse", cost: .light, random: .seeded(1))
            let file = try KeyFile(json: try Data(contentsOf: folder.appending(path: "wallet.json")))
            #expect(try file.open(password: "correct horse").address == address)
        }
    }
}
