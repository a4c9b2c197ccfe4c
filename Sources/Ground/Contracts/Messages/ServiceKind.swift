package import Ethereum

/// What a farmer is paid for.
package enum ServiceKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Bytes kept over time.
    case storage = 0
    /// Bytes sent to customers.
    case egress = 1
    /// Bytes sent so that others could be rebuilt.
    case repair = 2
    /// Bytes sent so that their being there could be checked.
    case audit = 3
    /// Bytes received.
    case ingress = 4

    /// The word that files and tables use.
    package var name: String {
        switch self {
        case .storage: "storage"
        case .egress: "egress"
        case .repair: "repair"
        case .audit: "audit"
        case .ingress: "ingress"
        }
    }
}

extension ServiceKind: RLPValue {
    package var rlp: RLP { UInt64(rawValue).rlp }
    package init(rlp: RLP) throws(EthereumError) {
        guard let code = UInt8(exactly: try UInt64(rlp: rlp)), let value = Self(rawValue: code) else {
            throw .outOfRange("kind of service")
        }
        self = value
    }
}
