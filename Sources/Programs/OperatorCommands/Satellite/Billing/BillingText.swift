import AdminAPI
import ClientCommands

/// Customers, invoices and deposits in words.
enum BillingText {
    static func customers(_ customers: [CustomerAnswer]) -> [String] {
        var table = TextTable([
            .init("CUSTOMER"), .init("CREDIT $", .right), .init("BONUS $", .right), .init("DUE $", .right), .init("STATE"),
        ])
        for customer in customers {
            table.add([customer.email, customer.credit, customer.bonus, customer.due, state(customer)])
        }
        return table.lines
    }

    private static func state(_ customer: CustomerAnswer) -> String {
        customer.frozenFor.map { "frozen: \($0)" } ?? "active"
    }

    static func customer(_ details: CustomerDetailsAnswer, _ session: OperatorSession) -> [String] {
        let customer = details.customer
        var facts: [(name: String, value: String)] = [
            (name: "customer", value: "\(customer.email) (\(customer.id))"), (name: "state", value: state(customer)),
            (name: "credit", value: "\(customer.credit) $"), (name: "bonus", value: "\(customer.bonus) $"),
            (name: "due", value: "\(customer.due) $"),
        ]
        if customer.frozenCredit != "0.00" { facts.append((name: "held back", value: "\(customer.frozenCredit) $")) }
        if customer.owing != "0.00" { facts.append((name: "owes for vanished deposits", value: "\(customer.owing) $")) }
        facts += details.coupons.map { (name: "coupon \($0.code)", value: "\($0.amount) $ left") }
        guard !details.movements.isEmpty else { return FactList.lines(facts) }
        var table = TextTable([.init("TIME"), .init("AMOUNT $", .right), .init(""), .init("FOR")])
        for movement in details.movements {
            table.add([session.show(movement.time), movement.amount, movement.isBonus ? "bonus" : "", movement.note])
        }
        return FactList.lines(facts) + [""] + table.lines
    }

    static func invoices(_ invoices: [InvoiceAnswer]) -> [String] {
        guard !invoices.isEmpty else { return ["no invoices"] }
        var table = TextTable([
            .init("INVOICE"), .init("MONTH"), .init("TOTAL $", .right), .init("OPEN $", .right), .init(""),
        ])
        for invoice in invoices {
            table.add([
                invoice.number, invoice.month, invoice.total, invoice.open, invoice.corrects == nil ? "" : "correction",
            ])
        }
        return table.lines
    }

    static func invoice(_ invoice: InvoiceAnswer, _ session: OperatorSession) -> [String] {
        var table = TextTable([
            .init("LINE"), .init("PROJECT"), .init("BUCKET"), .init("QUANTITY", .right), .init("PRICE $", .right),
            .init("AMOUNT $", .right), .init(""),
        ])
        for line in invoice.lines {
            table.add([
                line.kind, String(line.project.prefix(8)), line.bucket, line.quantity == "0" ? "" : line.quantity,
                line.unit == "0" ? "" : line.price, line.amount,
                line.reference.isEmpty ? line.partner : line.reference,
            ])
        }
        var facts: [(name: String, value: String)] = [
            (name: "invoice", value: invoice.number), (name: "month", value: invoice.month),
            (name: "issued", value: session.show(invoice.issuedAt)), (name: "total", value: "\(invoice.total) $"),
            (name: "open", value: "\(invoice.open) $"), (name: "digest", value: invoice.digest),
        ]
        if let corrects = invoice.corrects { facts.append((name: "corrects", value: corrects)) }
        return FactList.lines(facts) + [""] + table.lines
    }

    static func deposits(_ deposits: [DepositsAnswer.Entry], _ session: OperatorSession) -> [String] {
        guard !deposits.isEmpty else { return ["no deposits"] }
        var table = TextTable([
            .init("ID", .right), .init("TIME"), .init("STORJ", .right), .init("STATE"), .init("PRICE $", .right),
            .init("CREDIT $", .right), .init("BONUS $", .right), .init("CUSTOMER"), .init("TRANSACTION"), .init(""),
        ])
        for deposit in deposits {
            table.add([
                "\(deposit.id)", session.show(deposit.time), deposit.storj, deposit.state, deposit.price ?? "-",
                deposit.credit ?? "-", deposit.bonus ?? "-", String(deposit.customer.prefix(8)),
                String(deposit.transaction.prefix(14)), deposit.note,
            ])
        }
        return table.lines
    }

    static func freezes(_ freezes: [FreezesAnswer.Entry], _ session: OperatorSession) -> [String] {
        guard !freezes.isEmpty else { return ["nobody is frozen"] }
        var table = TextTable([.init("FROZEN"), .init("ID"), .init("SINCE"), .init("CAUSE"), .init("REASON")])
        for freeze in freezes {
            table.add([freeze.subject, freeze.id, session.show(freeze.since), freeze.cause, freeze.reason])
        }
        return table.lines
    }
}
