import AdminAPI
package import ArgumentParser
import ClientCommands
import Foundation

/// `storj satellite coupon`.
package struct CouponCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "coupon", abstract: "Make coupons, and give them to customers.",
        discussion: """
            A coupon takes so much off the next invoices, until it is used up or its time is over.

            Examples:
              storj satellite coupon --dir sat
              storj satellite coupon create WELCOME --amount 10.00 --days 90 --uses 100 --dir sat
              storj satellite coupon apply WELCOME alice@example.com --dir sat
            """,
        subcommands: [ListCouponsCommand.self, CreateCouponCommand.self, ApplyCouponCommand.self],
        defaultSubcommand: ListCouponsCommand.self)

    package init() {}
}

/// `storj satellite coupon list`.
package struct ListCouponsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "List all coupons.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite coupon list"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: CouponsAnswer = try await session.client.get("billing/coupons")
        try session.print(json: answer) { CouponText.lines(answer, session) }
    }
}

/// `storj satellite coupon create`.
package struct CreateCouponCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a coupon.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite coupon create"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "What customers type.")
    var code: String
    @Option(help: "Dollars that it takes off in all.")
    var amount: String
    @Option(help: "Days from now until it is of no use any more.")
    var days = 90
    @Option(help: "How many customers may take it.")
    var uses = 1

    package init() {}

    package func validate() throws {
        guard (1...36_500).contains(days), uses > 0 else {
            throw ValidationError("a coupon is good for a day at least and for one customer at least")
        }
    }

    package func run(in session: OperatorSession) async throws {
        let end = session.environment.now().addingTimeInterval(Double(days) * 86400)
        let answer: CouponsAnswer = try await session.client.post(
            "billing/coupons",
            body: BillingRequest.MakeCoupon(code: code, amount: amount, validUntil: end, uses: uses))
        try session.print(json: answer) { CouponText.lines(answer, session) }
    }
}

/// `storj satellite coupon apply`.
package struct ApplyCouponCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "apply", abstract: "Give a customer a coupon.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite coupon apply"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The coupon's code.")
    var code: String
    @Argument(help: "The customer's address of mail or id.")
    var customer: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: CustomerDetailsAnswer = try await session.client.post(
            "billing/customers/\(OperatorClient.component(customer))/coupon", body: BillingRequest.Redeem(code: code))
        try session.print(json: answer) { BillingText.customer(answer, session) }
    }
}

/// Coupons in words.
enum CouponText {
    static func lines(_ answer: CouponsAnswer, _ session: OperatorSession) -> [String] {
        guard !answer.coupons.isEmpty else { return ["no coupons"] }
        var table = TextTable([.init("CODE"), .init("AMOUNT $", .right), .init("UNTIL"), .init("USES LEFT", .right)])
        for coupon in answer.coupons {
            table.add([coupon.code, coupon.amount, session.show(coupon.validUntil), "\(coupon.usesLeft)"])
        }
        return table.lines
    }
}
