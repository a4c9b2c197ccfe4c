/// An account, as documents name it.
package struct AccessOwner: Sendable, Hashable {
    /// The account's canonical id.
    package let id: String
    /// What a person calls it; it says nothing about who it is.
    package let displayName: String?

    package init(id: String, displayName: String? = nil) {
        self.id = id
        self.displayName = displayName
    }

    package static func == (left: AccessOwner, right: AccessOwner) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
