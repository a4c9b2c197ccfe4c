import Blake3
import Contracts
import Ethereum
import Heartbeats
import StorageModel

/// One line of what happened to the contracts, word by word.
struct TraceLine {
    let text: String
    private var rest: ArraySlice<Substring>

    init(_ text: some StringProtocol) {
        self.text = String(text)
        rest = Substring(text).split(separator: " ")[...]
    }

    /// A line that cannot be read.
    struct Unreadable: Error {
        let line: String
    }

    mutating func word() throws -> String {
        guard let word = rest.popFirst() else { throw Unreadable(line: text) }
        return String(word)
    }

    mutating func number() throws -> UInt64 {
        guard let number = UInt64(try word()) else { throw Unreadable(line: text) }
        return number
    }

    mutating func amount() throws -> TokenAmount { TokenAmount(try number()) }

    mutating func address() throws -> Address { try Address(try word()) }

    mutating func bytes() throws -> [UInt8] {
        let digits = try word()
        if digits == "-" { return [] }
        guard let bytes = Hexadecimal.decode(digits) else { throw Unreadable(line: text) }
        return bytes
    }

    mutating func hash() throws -> Bytes32 {
        guard let hash = Bytes32(try bytes()) else { throw Unreadable(line: text) }
        return hash
    }

    /// A count and so many of something.
    mutating func many<Item>(_ item: (inout TraceLine) throws -> Item) throws -> [Item] {
        let count = try number()
        return try (0..<count).map { _ in try item(&self) }
    }

    // MARK: Parts of operations

    mutating func channel() throws -> Channel {
        Channel(
            payer: try address(), farmer: try address(), signer: try address(), challenge: try number(), salt: try hash())
    }

    mutating func signature() throws -> Signature {
        Signature(r: try hash(), s: try hash(), parity: try number() == 28)
    }

    mutating func claim() throws -> ChannelOperation.Claim {
        let channel = try channel()
        let voucher = Voucher(
            channel: channel.id, cumulative: try amount(), period: UInt32(try number()), statement: try hash())
        return .init(channel: channel, voucher: SignedVoucher(voucher: voucher, signature: try signature()))
    }

    mutating func payoutClaim() throws -> PayoutClaim {
        PayoutClaim(
            satellite: try address(), farmer: try address(), cumulative: try amount(), path: try many { try $0.hash() })
    }

    mutating func terms() throws -> AgreementTerms {
        AgreementTerms(
            payer: try address(), farmer: try address(), signer: try address(), root: try hash(),
            chunkCount: try number(), start: try number(), period: try number(), periodCount: try number(),
            price: try amount(), window: try number(), grace: try number(), collateral: try amount(),
            penalty: try amount(), salt: try hash())
    }

    mutating func proof() throws -> PossessionProof {
        let id = PieceID(storage: try hash())
        let size = Int64(try number())
        guard let piece = CommittedPiece(id: id, size: size, hash: try hash()) else { throw Unreadable(line: text) }
        let chunk = ChunkProof(chunk: try bytes(), siblings: try many { try $0.hash() })
        let steps = try many { line in
            SetPath.Step(
                sibling: SumNode(hash: try line.hash(), sum: try line.number()), isLeft: try line.number() == 1)
        }
        return PossessionProof(sample: SampleProof(piece: piece, path: SetPath(steps: steps), chunk: chunk))
    }

    /// A function with its arguments.
    mutating func operation() throws -> SettlementOperation {
        let name = try word()
        switch name {
        case "transfer": return .transfer(to: try address(), try amount())
        case "open": return .channel(.open(try channel(), try amount()))
        case "openMany": return .channel(.openMany(try many { try $0.channel() }, try amount()))
        case "topUp": return .channel(.topUp(try hash(), try amount()))
        case "claim":
            let claim = try claim()
            return .channel(.claim(claim.channel, claim.voucher))
        case "claimMany": return .channel(.claimMany(try many { try $0.claim() }))
        case "startClose": return .channel(.startClose(try channel()))
        case "finishClose": return .channel(.finishClose(try channel()))
        case "farmerClose": return .channel(.farmerClose(try channel()))
        case "fund": return .payout(.fund(satellite: try address(), try amount()))
        case "anchor":
            return .payout(
                .anchor(
                    PayoutAnchor(
                        period: try number(), payoutRoot: try hash(), reportRoot: try hash(), total: try amount(),
                        farmerCount: try number())))
        case "claimPayout": return .payout(.claim(try payoutClaim()))
        case "claimPayouts": return .payout(.claimMany(try many { try $0.payoutClaim() }))
        default: return .agreement(try agreementOperation(name))
        }
    }

    private mutating func agreementOperation(_ name: String) throws -> AgreementOperation {
        switch name {
        case "openAgreement": return .open(try terms(), farmer: try signature())
        case "arm": return .arm(epoch: try number())
        case "seal": return .seal(epoch: try number())
        case "prove": return .prove(try terms(), period: try number(), try proof())
        case "settle":
            let terms = try terms()
            let receipt = Receipt(agreement: terms.id, periods: PeriodSet(mask: UInt256(try hash())))
            return .settle(terms, receipt, try signature())
        case "reclaim": return .reclaim(try terms())
        case "finish": return .finish(try terms())
        case "withdraw": return .withdraw
        default: throw Unreadable(line: text)
        }
    }
}
