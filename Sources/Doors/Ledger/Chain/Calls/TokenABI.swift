package import Ethereum

/// The token as contracts and wallets see it.
///
/// - Source: ERC-20; `mint` and `burn` only exist on the test token.
package enum TokenABI {
    package static let transferred = ABISignature("Transfer", [.address, .address, .uint(256)])
    static let balanceOf = ABISignature("balanceOf", [.address])
    static let allowance = ABISignature("allowance", [.address, .address])
    static let decimals = ABISignature("decimals", [])
    static let approve = ABISignature("approve", [.address, .uint(256)])
    static let transfer = ABISignature("transfer", [.address, .uint(256)])
    static let mint = ABISignature("mint", [.address, .uint(256)])
    static let burn = ABISignature("burn", [.uint(256)])

    /// Decimals of STORJ.
    static let decimalCount: UInt64 = 8
}
