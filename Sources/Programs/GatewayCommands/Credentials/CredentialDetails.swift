import ClientCommands
import Foundation
import GatewayRecords

/// A new credential as it is printed, once.
struct CredentialDetails: Encodable {
    let accessKeyID: String
    let secretAccessKey: String
    let id: String
    let account: String
    let isPublic: Bool
    let expires: Date?
    let link: String?

    enum CodingKeys: String, CodingKey {
        case accessKeyID = "access_key_id"
        case secretAccessKey = "secret_access_key"
        case id, account
        case isPublic = "public"
        case expires, link
    }

    init(_ credential: Credential, link: String? = nil) {
        self.link = link
        accessKeyID = credential.accessKeyID
        secretAccessKey = credential.secretKey
        id = credential.id.description
        account = credential.accountID
        isPublic = credential.isPublic
        expires = credential.expiresAt?.date
    }

    /// The lines for people, shells or the AWS tools' file.
    func lines(_ format: GatewayRegisterCommand.Format, show: (Date) -> String) -> [String] {
        switch format {
        case .text:
            FactList.lines([
                ("access key id", accessKeyID), ("secret access key", secretAccessKey), ("account", account),
                ("public", isPublic ? "yes: the access key id alone reads" : "no"),
                ("works until", expires.map(show) ?? "no end"),
            ] + (link.map { [("link", $0)] } ?? []))
        case .env:
            ["export AWS_ACCESS_KEY_ID='\(accessKeyID)'", "export AWS_SECRET_ACCESS_KEY='\(quoted(secretAccessKey))'"]
        case .aws:
            ["[storj]", "aws_access_key_id = \(accessKeyID)", "aws_secret_access_key = \(secretAccessKey)"]
        }
    }

    /// For single quotes of a shell.
    private func quoted(_ text: String) -> String {
        text.replacingOccurrences(of: "'", with: "'\\''")
    }
}

/// A credential as it is listed.
struct CredentialRow: Encodable {
    let id: String
    let account: String
    let name: String?
    let state: String
    let isPublic: Bool
    let created: Date
    let expires: Date?
    let revoked: Date?
    let reason: String?

    enum CodingKeys: String, CodingKey {
        case id, account, name, state
        case isPublic = "public"
        case created, expires, revoked, reason
    }

    init(_ summary: CredentialSummary, accounts: [String: GatewayAccount], now: Date) {
        id = summary.id.description
        account = summary.accountID
        name = accounts[summary.accountID]?.name
        isPublic = summary.isPublic
        created = summary.createdAt.date
        expires = summary.expiresAt?.date
        revoked = summary.revokedAt?.date
        reason = summary.revocationReason
        state = revoked != nil ? "revoked" : expires.map { $0 <= now } ?? false ? "expired" : "works"
    }
}
