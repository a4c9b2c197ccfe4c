/// Who is signed in, as an app knows it.
package protocol WebSession: Sendable {}

/// Where an app keeps its sessions. Two of them exist: a satellite's accounts, and the token of a farmer's node.
package protocol SessionStore: Sendable {
    /// The session of a cookie's token; nil when there is none, it has ended or was revoked.
    ///
    /// Asked once per request; a store notes here that the session is in use.
    func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)?
    /// The session of a bearer token, for programs; nil when there is none.
    func session(bearer: String, context: WebContext) async throws -> (any WebSession)?
}

extension SessionStore {
    package func session(bearer: String, context: WebContext) async throws -> (any WebSession)? { nil }
}

/// For an app that signs nobody in.
package struct NoSessions: SessionStore {
    package init() {}
    package func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? { nil }
}
