import Contracts
import Ethereum
import Hummingbird
import Ledger
import Market
import OperatorDoor
import StorageModel

extension AdminAPI {
    func addMarket(to group: RouterGroup<DoorContext>) {
        group.get("market") { _, _ in
            guard let status = try await self.market.paymentStatus() else { throw Self.unpaid }
            return Answer(MarketAnswer(status))
        }
        group.get("market/statements") { request, _ in
            let query = request.uri.queryParameters
            let period = try query["period"].map { try Self.number(String($0), "period") }
            let node = try query["node"].map { try Self.node(String($0)) }
            let limit = try query["limit"].map { try Self.number(String($0), "limit") } ?? 100
            let records = try await self.market.statements(period: period, node: node, limit: Int(clamping: limit))
            return Answer(StatementsAnswer(statements: records.map(StatementAnswer.init)))
        }
        group.get("market/farmers") { _, _ in
            Answer(FarmersAnswer(farmers: try await self.market.farmers().map(FarmerAnswer.init)))
        }
        group.get("market/channels") { _, _ in
            Answer(ChannelsAnswer(channels: try await self.market.channels(limit: 100_000).map(ChannelAnswer.init)))
        }
        group.get("ledger/balances/:address") { _, context in
            let text = try context.parameters.require("address")
            let address: Address
            do { address = try Address(text) } catch { throw HTTPError(.badRequest, message: "\(text): \(error)") }
            guard let balance = try await self.market.balance(of: address) else { throw Self.unpaid }
            return Answer(BalanceAnswer(address: "\(address)", units: balance.units))
        }
    }

    private static let unpaid = HTTPError(.conflict, message: "nobody is paid here: ledger.kind is none")

    private static func number(_ text: String, _ name: String) throws -> UInt64 {
        guard let number = UInt64(text) else { throw HTTPError(.badRequest, message: "\(name) wants a number, not \(text)") }
        return number
    }

    private static func node(_ text: String) throws -> NodeID {
        do { return try NodeID(text: text) } catch { throw HTTPError(.badRequest, message: "\(text) is not a node's id") }
    }
}
