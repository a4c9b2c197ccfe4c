package import Ethereum
package import StorageModel

extension Statement: RLPValue {
    /// The form's number: another form is another number.
    private static let version: UInt64 = 1

    package var rlp: RLP {
        .list([
            Self.version.rlp, payerNode.rlp, node.rlp, payer.rlp, farmer.rlp, channel.rlp, period.rlp, previous.rlp,
            from.rlp, until.rlp, heartbeat.rlp, hours.rlp, orders.rlp, sheet.rlp, denomination.rlp, quote.rlp, lines.rlp,
            held.rlp, disposed.rlp, amount.rlp, cumulative.rlp,
        ])
    }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "statement", count: 21)
        let version: UInt64 = try fields.next()
        guard version == Self.version else { throw .malformed("statement of form \(version)") }
        self.init(
            payerNode: try fields.next(), node: try fields.next(), payer: try fields.next(), farmer: try fields.next(),
            channel: try fields.next(), period: try fields.next(), previous: try fields.next(),
            from: try fields.next(), until: try fields.next(), heartbeat: try fields.next(), hours: try fields.next(),
            orders: try fields.next(), sheet: try fields.next(), denomination: try fields.next(),
            quote: try fields.next(), lines: try fields.next(), held: try fields.next(), disposed: try fields.next(),
            amount: try fields.next(), cumulative: try fields.next())
    }
}

extension Statement.Heartbeat: RLPValue {
    package var rlp: RLP {
        .list([
            root.rlp, chunkCount.rlp, byteCount.rlp, seed.rlp, sampleCount.rlp, UInt64(outcome.rawValue).rlp, evidence.rlp,
        ])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "heartbeat of a statement", count: 7)
        let root: Bytes32 = try fields.next()
        let chunkCount: UInt64 = try fields.next()
        let byteCount: UInt64 = try fields.next()
        let seed: Bytes32 = try fields.next()
        let sampleCount: UInt32 = try fields.next()
        guard let code = UInt8(exactly: try fields.next(UInt64.self)), let outcome = Statement.Outcome(rawValue: code)
        else { throw .outOfRange("verdict") }
        self.init(
            root: root, chunkCount: chunkCount, byteCount: byteCount, seed: seed, sampleCount: sampleCount,
            outcome: outcome, evidence: try fields.next())
    }
}

extension Statement.Line: RLPValue {
    package var rlp: RLP { .list([kind.rlp, bytes.rlp, seconds.rlp, price.rlp, amount.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "line of a statement", count: 5)
        self.init(
            kind: try fields.next(), bytes: try fields.next(), seconds: try fields.next(), price: try fields.next(),
            amount: try fields.next())
    }
}

extension Quote: RLPValue {}

/// A statement with the payer's signature: what is sent and published, and evidence where no voucher goes with it.
package struct SignedStatement: Hashable, Sendable, RLPValue {
    package var statement: Statement
    package var signature: Signature

    /// A statement with a signature, unchecked.
    package init(statement: Statement, signature: Signature) {
        self.statement = statement
        self.signature = signature
    }

    /// What is signed, in the domain of messages without a contract.
    package static func signingDigest(_ statement: Statement) -> Bytes32 { SigningDomain.offchain.digest(statement.digest) }

    /// Whether the key of that address signed it.
    package func isSigned(by signer: Address) -> Bool { signature.isSigned(Self.signingDigest(statement), by: signer) }

    package var rlp: RLP { .list([statement.rlp, .signature(signature)]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "signed statement", count: 2)
        self.init(statement: try fields.next(), signature: try fields.signature())
    }
}

/// The newest voucher somebody has, with the statement it names: enough to go on exactly behind it.
package struct HeldVoucher: Hashable, Sendable, RLPValue {
    package var voucher: SignedVoucher
    package var statement: SignedStatement

    /// A voucher with its statement, unchecked.
    package init(voucher: SignedVoucher, statement: SignedStatement) {
        self.voucher = voucher
        self.statement = statement
    }

    /// Whether the two belong together and the signer made both.
    ///
    /// - Parameter domain: that of vouchers.
    package func isSound(signer: Address, in domain: SigningDomain) -> Bool {
        let promise = voucher.voucher
        return promise.statement == statement.statement.digest && promise.channel == statement.statement.channel
            && promise.cumulative == statement.statement.cumulative && promise.period == statement.statement.period
            && voucher.signature.isSigned(promise.digest(in: domain), by: signer) && statement.isSigned(by: signer)
    }

    package var rlp: RLP { .list([voucher.rlp, statement.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "held voucher", count: 2)
        self.init(voucher: try fields.next(), statement: try fields.next())
    }
}
