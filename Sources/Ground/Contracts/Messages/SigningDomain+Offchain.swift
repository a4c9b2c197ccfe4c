package import Ethereum

extension SigningDomain {
    /// Of messages that no contract reads: bindings, price sheets, statements, manifests.
    ///
    /// - Source: economy design §6.
    package static let offchain = SigningDomain(name: "StorjOffchain", version: "1", chainID: 0, contract: .zero)
}
