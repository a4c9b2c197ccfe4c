import Contracts
import Hummingbird
import Market
import NIOCore
import OperatorDoor

extension AdminAPI {
    func addPayouts(to group: RouterGroup<DoorContext>) {
        group.get("payouts") { [market] _, _ in
            Answer(PayoutRunsAnswer(runs: try await market.payoutRuns(limit: 20).map(PayoutRunAnswer.init)))
        }
        group.post("payouts/run") { [market] _, _ in
            try await market.beginPayouts()
            guard let run = try await market.payoutRuns(limit: 1).first else {
                throw HTTPError(.conflict, message: "there is no payout root on the ledger yet: nothing can be paid")
            }
            return Answer(PayoutRunAnswer(run))
        }
        group.get("payouts/receipts") { [market] request, _ in
            let limit = try Self.receiptLimit(request)
            return Answer(ReceiptsAnswer(receipts: try await market.receipts(limit: limit).map(ReceiptAnswer.init)))
        }
        group.get("payouts/months/:month") { [market] request, context in
            guard let month = BillingMonth(try context.parameters.require("month")) else {
                throw HTTPError(.badRequest, message: "a month is written 2026-11")
            }
            let months = try await market.months(month)
            return switch request.uri.queryParameters["format"] {
            case nil, "json": try Answer(months.map(MonthDocument.init)).response(from: request, context: context)
            case "csv": Self.table(MonthTable.statements(months))
            case .some: throw HTTPError(.badRequest, message: "format is json or csv")
            }
        }
        group.get("payouts/prepayout") { [market] _, _ in Self.table(MonthTable.prepayout(try await market.prepayout())) }
    }

    private static func table(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func receiptLimit(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters["limit"] else { return 100 }
        guard let limit = Int(text), (1...10_000).contains(limit) else {
            throw HTTPError(.badRequest, message: "limit lies in 1…10000")
        }
        return limit
    }
}
