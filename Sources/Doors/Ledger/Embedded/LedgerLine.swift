package import Contracts
import Crypto
package import Ethereum
package import StorageModel

/// A line of a ledger's log.
package enum LedgerLine: Hashable, Sendable {
    /// The first.
    case genesis(LedgerGenesis)
    /// Something that was done, and what happened by it.
    case operation(Entry)
    /// The end of a block.
    case block(LedgerBlock)

    /// An operation in its place.
    package struct Entry: Hashable, Sendable {
        /// The block it is in.
        package let height: UInt64
        /// When it was done, seconds since 1970.
        package let time: UInt64
        /// What was done, and by whom.
        package let signed: SignedOperation
        /// What happened.
        package let events: [SettlementEvent]
    }

    /// Bytes of a line's content at most.
    package static let maximumByteCount = 256 << 10
    /// Bytes around the content: its length in front, its hash behind.
    package static let frameByteCount = 4 + Bytes32.byteCount

    /// The content.
    package var encoded: [UInt8] {
        switch self {
        case .genesis(let genesis): RLP.list([.number(0 as UInt64)] + genesis.fields).encoded
        case .operation(let entry):
            RLP.list([.number(1 as UInt64), entry.height.rlp, entry.time.rlp, entry.signed.rlp, entry.events.rlp])
                .encoded
        case .block(let block): RLP.list([.number(2 as UInt64)] + block.fields).encoded
        }
    }

    /// Reads the content of a line.
    ///
    /// - Throws: `EthereumError`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        let items = try RLP(encoded: bytes).asList()
        guard let first = items.first, let kind = try first.asNumber().uint64 else { throw .malformed("line") }
        let rest = RLP.list(Array(items.dropFirst()))
        switch kind {
        case 0:
            var fields = try RLPFields(rest, of: "genesis", count: 7)
            self = .genesis(try LedgerGenesis(&fields))
        case 1:
            var fields = try RLPFields(rest, of: "entry", count: 4)
            self = .operation(
                Entry(
                    height: try fields.next(), time: try fields.next(), signed: try fields.next(),
                    events: try fields.next()))
        case 2:
            var fields = try RLPFields(rest, of: "block", count: 5)
            self = .block(try LedgerBlock(&fields))
        default: throw .malformed("line of kind \(kind)")
        }
    }

    /// The hash of a line: of the hash before it and its content.
    package static func hash(_ content: some Sequence<UInt8>, after previous: Bytes32) -> Bytes32 {
        var hasher = SHA256()
        hasher.update(data: previous.bytes)
        hasher.update(data: Array(content))
        return Bytes32(Array(hasher.finalize())) ?? Bytes32()
    }

    /// Whole lines as they stand in a file, with the hashes they say they have; whatever follows them is left out.
    package static func split(_ bytes: some Collection<UInt8>) -> [(line: LedgerLine, hash: Bytes32)] {
        var rest = Array(bytes)[...]
        var lines: [(line: LedgerLine, hash: Bytes32)] = []
        while rest.count >= frameByteCount {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard (1...maximumByteCount).contains(count), rest.count >= count + frameByteCount else { break }
            let content = rest.dropFirst(4).prefix(count)
            guard let hash = Bytes32(rest.dropFirst(4 + count).prefix(Bytes32.byteCount)),
                let line = try? LedgerLine(encoded: content)
            else { break }
            lines.append((line, hash))
            rest = rest.dropFirst(count + frameByteCount)
        }
        return lines
    }

    /// A line as it stands in the file.
    static func frame(_ content: [UInt8], hash: Bytes32) -> [UInt8] {
        let count = UInt32(content.count)
        return [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + content
            + hash.bytes
    }
}
