/// A customer of the gateway: one project at a satellite, whatever number of credentials it has here.
package struct GatewayAccount: Codable, Hashable, Sendable {
    /// Lower-case hexadecimal digits of the project's public id: what S3 calls the canonical user id.
    package let id: String
    /// What others see as its display name.
    package let name: String
    /// The address that access control lists may name it by.
    package let email: String?

    package init(id: String, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }
}
