package import Crypto
package import Foundation
package import StorageModel

/// The secret of a gateway: what is sealed under it cannot be read by who has only the database.
package struct GatewayKey: Sendable {
    /// Bytes of the secret.
    package static let length = 32

    package let symmetricKey: SymmetricKey

    /// - Throws: `GatewayRecordsError.key` when there are not 32 bytes.
    package init(bytes: [UInt8]) throws {
        guard bytes.count == Self.length else {
            throw GatewayRecordsError.key("it must have \(Self.length) bytes and has \(bytes.count)")
        }
        symmetricKey = SymmetricKey(data: bytes)
    }

    /// Reads the key file, hexadecimal digits in one line, or makes it, readable by its owner only.
    ///
    /// - Throws: `GatewayRecordsError.key` when others may read the file or it holds something else; file errors.
    package static func load(orMakeAt url: URL, random: RandomSource) throws -> GatewayKey {
        if !FileManager.default.fileExists(atPath: url.path) {
            try make(Hexadecimal.encode(random.bytes(count: length)) + "\n", at: url)
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
        let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard permissions & 0o077 == 0 else {
            throw GatewayRecordsError.key("others may read \(url.path); chmod 600 it")
        }
        let text = try String(contentsOf: url, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Hexadecimal.decode(text) else {
            throw GatewayRecordsError.key("\(url.path) does not hold \(2 * length) hexadecimal digits")
        }
        return try GatewayKey(bytes: bytes)
    }

    /// Written aside and linked into place, so that of two programs that start at once one makes the key and both
    /// read the same.
    private static func make(_ text: String, at url: URL) throws {
        let temporary = url.appendingPathExtension(UUID().uuidString)
        defer { unlink(temporary.path) }
        guard
            FileManager.default.createFile(
                atPath: temporary.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: temporary.path]) }
        let handle = try FileHandle(forWritingTo: temporary)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
        guard link(temporary.path, url.path) == 0 || errno == EEXIST else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: url.path])
        }
    }
}
