package import StorageModel

/// What a member may do in a project; each may what those below may.
package enum ProjectRole: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Looks.
    case viewer = 0
    /// Makes API keys and credentials, works with buckets.
    case member = 1
    /// Invites and removes members, changes the project.
    case admin = 2
    /// Pays; there is one.
    case owner = 3

    package static func < (left: ProjectRole, right: ProjectRole) -> Bool { left.rawValue < right.rawValue }

    /// How it is called.
    package var name: String {
        switch self {
        case .viewer: "viewer"
        case .member: "member"
        case .admin: "admin"
        case .owner: "owner"
        }
    }

    /// The role of a name.
    package init?(name: String) {
        guard let role = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}

/// Somebody in a project.
package struct ProjectMember: Sendable, Hashable {
    package let user: User
    package let role: ProjectRole
    package let since: Timestamp
}

/// A project as one of its members sees it.
package struct ProjectMembership: Sendable, Hashable {
    package let project: Project
    package let role: ProjectRole
}

/// Somebody who was asked into a project and has not come yet.
package struct ProjectInvitation: Sendable, Hashable {
    package let project: Project
    package let email: String
    package let role: ProjectRole
    package let invitedBy: User
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
}
