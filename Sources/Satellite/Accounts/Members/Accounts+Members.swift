import Database
package import StorageModel

extension Accounts {
    /// The projects somebody owns or is a member of, by name.
    ///
    /// - Throws: `DatabaseError`.
    package func memberships(of user: UserID) async throws -> [ProjectMembership] {
        try await database.read { session in
            let owned = try session.query(
                "SELECT \(Project.columns) FROM projects WHERE owner_id = ?1", [SQLValue(user)]
            ) { ProjectMembership(project: try Project($0), role: .owner) }
            let columns = Project.columns.split(separator: ",").map { "p." + $0.trimming }.joined(separator: ", ")
            let joined = try session.query(
                """
                SELECT \(columns), m.role FROM project_members m JOIN projects p ON p.id = m.project_id
                WHERE m.user_id = ?1
                """, [SQLValue(user)]
            ) { ProjectMembership(project: try Project($0), role: ProjectRole(rawValue: $0.int(14)) ?? .viewer) }
            return (owned + joined).sorted { ($0.project.name, $0.project.id.bytes.description) < ($1.project.name, $1.project.id.bytes.description) }
        }
    }

    /// What somebody is in a project; nil for a stranger, and for a project that there is not.
    ///
    /// - Parameter publicID: the id that addresses show.
    /// - Throws: `DatabaseError`.
    package func membership(of user: UserID, in publicID: ProjectID) async throws -> ProjectMembership? {
        try await database.read { session in
            guard
                let project = try session.first(
                    "SELECT \(Project.columns) FROM projects WHERE public_id = ?1", [SQLValue(publicID)],
                    { try Project($0) })
            else { return nil }
            if project.ownerID == user { return ProjectMembership(project: project, role: .owner) }
            let role = try session.first(
                "SELECT role FROM project_members WHERE project_id = ?1 AND user_id = ?2",
                [SQLValue(project.id), SQLValue(user)]) { ProjectRole(rawValue: $0.int(0)) ?? .viewer }
            return role.map { ProjectMembership(project: project, role: $0) }
        }
    }

    /// Everybody in a project, the owner first.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func members(of project: ProjectID) async throws -> [ProjectMember] {
        try await database.read { session in
            guard let project = try Project.fetch(project, in: session),
                let owner = try User.fetch(project.ownerID, in: session)
            else { throw AccountsError(.notFound, "there is no project \(project)") }
            let others = try session.query(
                """
                SELECT u.id, u.email, u.name, u.is_disabled, u.created_at, m.role, m.created_at
                FROM project_members m JOIN users u ON u.id = m.user_id WHERE m.project_id = ?1 ORDER BY u.email
                """, [SQLValue(project.id)]
            ) { row in
                ProjectMember(
                    user: try User(row), role: ProjectRole(rawValue: row.int(5)) ?? .viewer, since: row.timestamp(6))
            }
            return [ProjectMember(user: owner, role: .owner, since: project.createdAt)] + others
        }
    }

    /// Changes what a member may.
    ///
    /// - Parameter role: any but the owner's.
    /// - Throws: `AccountsError` `.invalid`, `.notFound` for who is no member; `DatabaseError`.
    package func setRole(_ role: ProjectRole, of user: UserID, in project: ProjectID) async throws {
        guard role != .owner else { throw AccountsError(.invalid, "a project has one owner") }
        try await database.write { session in
            let changed = try session.execute(
                "UPDATE project_members SET role = ?3 WHERE project_id = ?1 AND user_id = ?2",
                [SQLValue(project), SQLValue(user), SQLValue(role.rawValue)])
            guard changed > 0 else { throw AccountsError(.notFound, "there is no such member") }
        }
    }

    /// Takes a member out of a project; the API keys he made stay.
    ///
    /// - Throws: `AccountsError.notFound` for who is no member, the owner too; `DatabaseError`.
    package func removeMember(_ user: UserID, from project: ProjectID) async throws {
        try await database.write { session in
            let changed = try session.execute(
                "DELETE FROM project_members WHERE project_id = ?1 AND user_id = ?2", [SQLValue(project), SQLValue(user)])
            guard changed > 0 else { throw AccountsError(.notFound, "there is no such member") }
        }
    }

    /// Gives a project another name.
    ///
    /// - Throws: `AccountsError` `.invalid`, `.notFound`; `DatabaseError`.
    package func rename(_ name: String, project: ProjectID) async throws {
        guard (1...256).contains(name.utf8.count) else { throw AccountsError(.invalid, "a name has 1 to 256 bytes") }
        try await database.write { session in
            let changed = try session.execute(
                "UPDATE projects SET name = ?2 WHERE id = ?1", [SQLValue(project), SQLValue(name)])
            guard changed > 0 else { throw AccountsError(.notFound, "there is no project \(project)") }
        }
        invalidate()
    }
}

extension Substring {
    /// Without blanks and line breaks around it.
    fileprivate var trimming: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
