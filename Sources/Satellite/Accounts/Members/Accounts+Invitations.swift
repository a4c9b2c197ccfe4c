import Crypto
import Database
import Foundation
package import StorageModel

extension Accounts {
    /// How long an invitation holds.
    package static let invitationLifetime = Duration.seconds(7 * 86_400)
    private static let maximumInvitations = 100

    /// Asks somebody into a project.
    ///
    /// - Parameters:
    ///   - role: any but the owner's.
    ///   - mail: the mail that brings the secret; nil for none.
    /// - Returns: the secret of the link that takes it; kept as a hash only.
    /// - Throws: `AccountsError` `.invalid`, `.alreadyExists` for a member; `DatabaseError`.
    package func invite(
        _ email: String, as role: ProjectRole, to project: ProjectID, by inviter: UserID,
        mail: (@Sendable (_ secret: String, _ project: Project) -> OutgoingMail)? = nil
    ) async throws -> String {
        guard role != .owner else { throw AccountsError(.invalid, "a project has one owner") }
        let email = Self.normalized(email)
        guard (3...254).contains(email.utf8.count), email.contains("@") else {
            throw AccountsError(.invalid, "an email address has 3 to 254 bytes and an @")
        }
        let secret = Base32.encode(random.bytes(count: 20)).lowercased()
        let now = clock.now()
        try await database.write { session in
            guard let found = try Project.fetch(project, in: session) else {
                throw AccountsError(.notFound, "there is no project \(project)")
            }
            if let user = try User.fetch(email: email, in: session) {
                let isMember = try session.first(
                    "SELECT 1 FROM project_members WHERE project_id = ?1 AND user_id = ?2",
                    [SQLValue(project), SQLValue(user.id)]) { _ in true }
                guard isMember == nil, found.ownerID != user.id else {
                    throw AccountsError(.alreadyExists, "\(email) is in this project already")
                }
            }
            try session.execute(
                "DELETE FROM project_invitations WHERE expires_at < ?1 OR (project_id = ?2 AND email = ?3)",
                [SQLValue(now), SQLValue(project), SQLValue(email)])
            let count = try session.first(
                "SELECT COUNT(*) FROM project_invitations WHERE project_id = ?1", [SQLValue(project)]) { $0.int(0) }
            guard count ?? 0 < Self.maximumInvitations else {
                throw AccountsError(.invalid, "a project has at most \(Self.maximumInvitations) open invitations")
            }
            try session.execute(
                """
                INSERT INTO project_invitations (digest, project_id, email, role, invited_by, created_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                [
                    .blob(Self.invitationDigest(secret)), SQLValue(project), SQLValue(email), SQLValue(role.rawValue),
                    SQLValue(inviter), SQLValue(now), SQLValue(now.advanced(by: Self.invitationLifetime)),
                ])
            if let mail { try Self.post(mail(secret, found), at: now, in: session) }
        }
        return secret
    }

    /// The invitation that a link's secret stands for; nil when it is unknown or over.
    ///
    /// - Throws: `DatabaseError`.
    package func invitation(_ secret: String) async throws -> ProjectInvitation? {
        let now = clock.now()
        return try await database.read { session in
            try Self.invitations(
                "digest = ?1 AND expires_at > ?2", [.blob(Self.invitationDigest(secret)), SQLValue(now)], in: session
            ).first
        }
    }

    /// Who was asked into a project and has not come yet.
    ///
    /// - Throws: `DatabaseError`.
    package func invitations(to project: ProjectID) async throws -> [ProjectInvitation] {
        let now = clock.now()
        return try await database.read { session in
            try Self.invitations("project_id = ?1 AND expires_at > ?2", [SQLValue(project), SQLValue(now)], in: session)
        }
    }

    /// Takes an invitation: its holder is a member from now on.
    ///
    /// - Throws: `AccountsError` `.notFound` when it is over, `.invalid` when it was for another address; `DatabaseError`.
    @discardableResult
    package func accept(_ secret: String, as user: User) async throws -> ProjectInvitation {
        let now = clock.now()
        let digest = Self.invitationDigest(secret)
        return try await database.write { session in
            guard
                let found = try Self.invitations(
                    "digest = ?1 AND expires_at > ?2", [.blob(digest), SQLValue(now)], in: session
                ).first
            else { throw AccountsError(.notFound, "this invitation is over") }
            guard found.email == Self.normalized(user.email) else {
                throw AccountsError(.invalid, "this invitation is for another address")
            }
            try session.execute("DELETE FROM project_invitations WHERE digest = ?1", [.blob(digest)])
            if found.project.ownerID != user.id {
                try session.execute(
                    """
                    INSERT INTO project_members (project_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (project_id, user_id) DO UPDATE SET role = ?3
                    """,
                    [SQLValue(found.project.id), SQLValue(user.id), SQLValue(found.role.rawValue), SQLValue(now)])
            }
            return found
        }
    }

    /// Takes an invitation back.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func withdraw(invitationOf email: String, to project: ProjectID) async throws {
        try await database.write { session in
            let changed = try session.execute(
                "DELETE FROM project_invitations WHERE project_id = ?1 AND email = ?2",
                [SQLValue(project), SQLValue(Self.normalized(email))])
            guard changed > 0 else { throw AccountsError(.notFound, "there is no such invitation") }
        }
    }

    private static func invitations(
        _ condition: String, _ arguments: [SQLValue], in session: SQLSession
    ) throws -> [ProjectInvitation] {
        let rows = try session.query(
            """
            SELECT project_id, email, role, invited_by, created_at, expires_at FROM project_invitations
            WHERE \(condition) ORDER BY email
            """, arguments
        ) { row in
            (
                try row.id(0, as: ProjectID.self), row.text(1), row.int(2), try row.id(3, as: UserID.self),
                row.timestamp(4), row.timestamp(5)
            )
        }
        return try rows.compactMap { row in
            guard let project = try Project.fetch(row.0, in: session), let inviter = try User.fetch(row.3, in: session)
            else { return nil }
            return ProjectInvitation(
                project: project, email: row.1, role: ProjectRole(rawValue: row.2) ?? .viewer, invitedBy: inviter,
                createdAt: row.4, expiresAt: row.5)
        }
    }

    private static func invitationDigest(_ secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Data("storj invitation \(secret)".utf8)))
    }
}
