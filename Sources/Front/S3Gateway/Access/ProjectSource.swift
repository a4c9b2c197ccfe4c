package import GatewayRecords
package import Uplink

/// Where the door's questions find an open project.
package struct ProjectSource: Sendable {
    /// The caller's own, opened with his own grant.
    ///
    /// - Throws: `AccessDenied` for somebody without one.
    package let own: @Sendable (Caller) async throws -> Project
    /// The project of a bucket's owner, opened with the grant he left for strangers whom his documents let in.
    ///
    /// - Throws: `AccessDenied` when he left none.
    package let delegated: @Sendable (BucketPlace) async throws -> Project

    package init(
        own: @escaping @Sendable (Caller) async throws -> Project,
        delegated: @escaping @Sendable (BucketPlace) async throws -> Project
    ) {
        self.own = own
        self.delegated = delegated
    }
}
