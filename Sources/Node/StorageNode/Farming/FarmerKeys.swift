import Contracts
package import Ethereum
package import Ledger

/// The keys of a farmer: the wallet that is paid, and the hot key that signs sheets.
///
/// - Source: economy design §3.
package struct FarmerKeys: Sendable {
    /// Who is paid.
    package let wallet: Address
    /// The wallet's key; nil when it is kept where the node does not reach it.
    package let walletKey: PrivateKey?
    /// Signs price sheets and bindings.
    package let hotKey: PrivateKey

    /// A wallet with its key, or without it; the key must be the wallet's.
    package init(wallet: Address, walletKey: PrivateKey?, hotKey: PrivateKey) {
        precondition(walletKey.map { $0.address == wallet } ?? true, "a wallet's key has the wallet's address")
        self.wallet = wallet
        self.walletKey = walletKey
        self.hotKey = hotKey
    }

    /// Keys at hand.
    package init(walletKey: PrivateKey, hotKey: PrivateKey) {
        wallet = walletKey.address
        self.walletKey = walletKey
        self.hotKey = hotKey
    }

    /// A wallet of which only the address is known.
    package init(coldWallet: Address, hotKey: PrivateKey) {
        wallet = coldWallet
        walletKey = nil
        self.hotKey = hotKey
    }

    /// Who sends claims: the wallet, or the hot key for a wallet that is elsewhere. Whoever sends, the wallet is paid.
    package var claimer: any SettlementSigner { KeySigner(walletKey ?? hotKey) }
    /// Who signs agreements and withdraws; nil when only the wallet could, and it is elsewhere.
    package var owner: (any SettlementSigner)? { walletKey.map { KeySigner($0) } }
}
