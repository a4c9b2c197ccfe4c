/// What is deployed of a contract, as its compiler made it.
package struct ContractArtifact: Sendable {
    /// As the source calls it.
    package let name: String
    /// Bytes of the code on a chain that are the same everywhere. What a contract was given when it was deployed follows
    /// them.
    package let runtimeSize: Int
    /// keccak-256 of these bytes, in hexadecimal.
    package let runtimeHash: String
    /// What a transaction without a receiver carries, before the arguments; in hexadecimal.
    package let deployCode: String
}
