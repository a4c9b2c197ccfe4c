import Crypto
import Foundation
import StorageModel

/// Seals what a credential opens under its access key id, together with what limits it: whoever can write the
/// database still cannot lengthen a credential's life or hand it to another account.
struct CredentialSeal {
    /// What is kept sealed.
    private struct Content: Codable {
        let secret: String
        let grant: String
    }

    private let key: SymmetricKey

    init(accessKeyID: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(accessKeyID.utf8)),
            info: Data("storj gateway credential".utf8), outputByteCount: 32)
    }

    /// - Returns: nonce (12 bytes), ciphertext, tag (16 bytes).
    func seal(_ credential: Credential) throws -> [UInt8] {
        let content = try JSONEncoder().encode(Content(secret: credential.secretKey, grant: credential.grant))
        let limits = Self.limits(
            credential.id, credential.accountID, credential.isPublic, credential.createdAt, credential.expiresAt)
        let box = try AES.GCM.seal(content, using: key, authenticating: limits)
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return [UInt8](combined)
    }

    /// - Throws: `GatewayRecordsError.damaged` when anything of the record was changed.
    func open(_ sealed: [UInt8], _ summary: CredentialSummary, accessKeyID: String) throws -> Credential {
        let limits = Self.limits(
            summary.id, summary.accountID, summary.isPublic, summary.createdAt, summary.expiresAt)
        do {
            let plain = try AES.GCM.open(.init(combined: sealed), using: key, authenticating: limits)
            let content = try JSONDecoder().decode(Content.self, from: plain)
            return Credential(
                id: summary.id, accessKeyID: accessKeyID, secretKey: content.secret, grant: content.grant,
                accountID: summary.accountID, isPublic: summary.isPublic, createdAt: summary.createdAt,
                expiresAt: summary.expiresAt)
        } catch {
            throw GatewayRecordsError.damaged("credential \(summary.id)")
        }
    }

    private static func limits(
        _ id: CredentialID, _ account: String, _ isPublic: Bool, _ createdAt: Timestamp, _ expiresAt: Timestamp?
    ) -> Data {
        let expiry = expiresAt.map { String($0.microseconds) } ?? "never"
        return Data("\(id)/\(account)/\(isPublic ? "public" : "secret")/\(createdAt.microseconds)/\(expiry)".utf8)
    }
}
