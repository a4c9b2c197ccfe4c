import Contracts
import Ethereum
import Hummingbird
import Ledger
import OperatorDoor
import StorageModel
import StorageNode

extension NodeAPI {
    /// Statements shown unless more are asked for.
    private static let statementCount = 100

    func addFarming(to group: RouterGroup<DoorContext>) {
        group.get("earnings") { [node] request, _ in
            let farmer = try node.requireFarmer()
            let payer = try request.uri.queryParameters["satellite"].map { try Self.satellite(String($0)) }
            let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? Self.statementCount
            let statements = try await farmer.book.statements(of: payer, limit: min(max(1, limit), 10_000))
            return Answer(EarningsAnswer(try await farmer.earnings(), statements))
        }
        group.get("vouchers") { [node] _, _ in
            Answer(VouchersAnswer(channels: try await node.requireFarmer().book.channels().map(VouchersAnswer.Channel.init)))
        }
        group.get("wallet") { [node] _, _ in
            Answer(WalletAnswer(try await node.requireFarmer().walletStatus()))
        }
        addPrices(to: group)
        addClaims(to: group)
        addTransfers(to: group)
    }

    private func addTransfers(to group: RouterGroup<DoorContext>) {
        group.post("transfers") { [node] request, context in
            guard let wanted: TransferRequest = try await request.body(context) else {
                throw HTTPError(.badRequest, message: "which transfer?")
            }
            let (id, receiver) = try wanted.parsed()
            let amount = TokenAmount(wanted.amountUnits)
            let status = try await node.requireFarmer().send(amount, to: receiver, id: id)
            return Answer(TransferAnswer(wanted, status))
        }
    }

    private func addPrices(to group: RouterGroup<DoorContext>) {
        group.get("prices") { [node] _, _ in Answer(PricesAnswer(try node.requireFarmer())) }
        group.post("prices") { [node] request, context in
            let farmer = try node.requireFarmer()
            guard let wanted: PricesRequest = try await request.body(context) else {
                throw HTTPError(.badRequest, message: "which prices?")
            }
            let change = try await farmer.setPrices(
                wanted.prices(over: farmer.sheet.map { FarmerPrices($0.sheet) } ?? .standard),
                validity: wanted.validitySeconds.map { .seconds($0) })
            return Answer(PricesAnswer(farmer, change: change))
        }
    }

    private func addClaims(to group: RouterGroup<DoorContext>) {
        group.get("claims") { [node] _, _ in
            Answer(ClaimsAnswer(claims: try await node.requireFarmer().book.claims().map(ClaimsAnswer.Claim.init)))
        }
        group.post("claims") { [node] request, context in
            let wanted: SatelliteRequest? = try await request.body(context)
            let payer = try wanted?.satellite.map { try Self.satellite($0) }
            return Answer(ClaimsAnswer(claims: try await node.claim(of: payer).map(ClaimsAnswer.Claim.init)))
        }
    }
}

/// What is sent to whom.
struct TransferRequest: Decodable, Sendable {
    /// The sender's number of it, in hexadecimal digits: the same one again sends nothing more.
    let id: String
    /// An address.
    let to: String
    /// Base units.
    let amountUnits: UInt64

    func parsed() throws -> (OperationID, Address) {
        let digits = id.hasPrefix("0x") ? String(id.dropFirst(2)) : id
        guard let number = Hexadecimal.decode(digits).flatMap({ OperationID($0) }) else {
            throw HTTPError(.badRequest, message: "the number of a transfer is 64 hexadecimal digits, not \(id)")
        }
        do {
            return (number, try Address(to))
        } catch {
            throw HTTPError(.badRequest, message: "\(to): \(error)")
        }
    }
}

/// Which prices are wanted; those left out stay.
struct PricesRequest: Decodable, Sendable {
    /// usd or storj.
    var denomination: String?
    /// Millionths of a dollar, or base units.
    var storage: UInt64?
    var egress: UInt64?
    var repair: UInt64?
    var audit: UInt64?
    var validitySeconds: Int64?

    /// The prices, with the old ones where nothing is said; between dollars and STORJ nothing can stay.
    func prices(over old: FarmerPrices) throws -> FarmerPrices {
        let wanted: PriceSheet.Denomination =
            switch denomination {
            case nil: old.denomination
            case "usd": .microUSD
            case "storj": .storj
            case let other?: throw HTTPError(.badRequest, message: "prices are in usd or storj, not in \"\(other)\"")
            }
        if wanted != old.denomination, [storage, egress, repair, audit].contains(nil) {
            throw HTTPError(.badRequest, message: "prices in another money must all be named")
        }
        return FarmerPrices(
            denomination: wanted, storage: storage ?? old.storage, egress: egress ?? old.egress,
            repair: repair ?? old.repair, audit: audit ?? old.audit)
    }
}
