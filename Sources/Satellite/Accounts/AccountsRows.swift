import Database
import Macaroons
import StorageModel

extension User {
    static let columns = "id, email, name, is_disabled, created_at"

    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id(0, as: UserID.self), email: row.text(1), name: row.text(2), isDisabled: row.bool(3),
            createdAt: row.timestamp(4))
    }

    static func fetch(_ id: UserID, in session: SQLSession) throws -> User? {
        try session.first("SELECT \(columns) FROM users WHERE id = ?1", [SQLValue(id)]) { try User($0) }
    }

    static func fetch(email: String, in session: SQLSession) throws -> User? {
        try session.first("SELECT \(columns) FROM users WHERE email = ?1", [SQLValue(email)]) { try User($0) }
    }

    func insert(in session: SQLSession) throws {
        try session.execute(
            "INSERT INTO users (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5)",
            [SQLValue(id), SQLValue(email), SQLValue(name), SQLValue(isDisabled), SQLValue(createdAt)])
    }
}

extension Project {
    static let columns = """
        id, public_id, owner_id, name, salt, is_disabled, user_agent, created_at,
        storage_limit, bandwidth_limit, segment_limit, bucket_limit, rate_limit, burst_limit
        """

    init(_ row: SQLRow) throws {
        var limits = ProjectLimits()
        limits.storageBytes = row.optionalInteger(8)
        limits.bandwidthBytes = row.optionalInteger(9)
        limits.segments = row.optionalInteger(10)
        limits.buckets = row.optionalInt(11)
        limits.ratePerSecond = row.optionalInt(12)
        limits.burst = row.optionalInt(13)
        self.init(
            id: try row.id(0, as: ProjectID.self), publicID: try row.id(1, as: ProjectID.self),
            ownerID: try row.id(2, as: UserID.self), name: row.text(3), salt: row.blob(4), limits: limits,
            isDisabled: row.bool(5), userAgent: row.blob(6), createdAt: row.timestamp(7))
    }

    static func fetch(_ id: ProjectID, in session: SQLSession) throws -> Project? {
        try session.first("SELECT \(columns) FROM projects WHERE id = ?1", [SQLValue(id)]) { try Project($0) }
    }

    func insert(in session: SQLSession) throws {
        let values: [SQLValue] = [
            SQLValue(id), SQLValue(publicID), SQLValue(ownerID), SQLValue(name), SQLValue(salt),
            SQLValue(isDisabled), SQLValue(userAgent), SQLValue(createdAt),
        ]
        try session.execute(
            """
            INSERT INTO projects (\(Self.columns))
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """, values + limits.values)
    }
}

extension ProjectLimits {
    /// The values in the order of the table's limit columns.
    var values: [SQLValue] {
        [
            SQLValue(storageBytes), SQLValue(bandwidthBytes), SQLValue(segments), SQLValue(buckets),
            SQLValue(ratePerSecond), SQLValue(burst),
        ]
    }
}

extension APIKeyRecord {
    static let columns = "id, project_id, head, secret, features, name, user_agent, created_at"

    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id(0, as: APIKeyID.self), projectID: try row.id(1, as: ProjectID.self), head: row.blob(2),
            secret: row.blob(3), features: APIKeyFeatures(rawValue: UInt32(truncatingIfNeeded: row.integer(4))),
            name: row.text(5), userAgent: row.blob(6), createdAt: row.timestamp(7))
    }

    static func fetch(head: [UInt8], in session: SQLSession) throws -> APIKeyRecord? {
        try session.first("SELECT \(columns) FROM api_keys WHERE head = ?1", [SQLValue(head)]) { try APIKeyRecord($0) }
    }

    static func fetch(project: ProjectID, name: String, in session: SQLSession) throws -> APIKeyRecord? {
        try session.first(
            "SELECT \(columns) FROM api_keys WHERE project_id = ?1 AND name = ?2", [SQLValue(project), SQLValue(name)]
        ) { try APIKeyRecord($0) }
    }

    func insert(in session: SQLSession) throws {
        let values: [SQLValue] = [
            SQLValue(id), SQLValue(projectID), SQLValue(head), SQLValue(secret), SQLValue(Int64(features.rawValue)),
            SQLValue(name), SQLValue(userAgent), SQLValue(createdAt),
        ]
        try session.execute(
            "INSERT INTO api_keys (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", values)
    }
}
