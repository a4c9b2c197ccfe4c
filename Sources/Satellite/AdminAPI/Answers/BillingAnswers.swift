import Accounts
import Billing
import Contracts
package import Foundation
import Ledger
import StorageModel

/// A customer as a payer. Amounts are dollars as texts, `25.00`: no number of theirs is rounded on its way.
package struct CustomerAnswer: Codable, Hashable, Sendable {
    /// Thirty-two hexadecimal digits.
    package let id: String
    package let email: String
    package let credit: String
    package let bonus: String
    package let frozenCredit: String
    package let owing: String
    package let due: String
    /// Why the account may not upload and download; nil when it may.
    package let frozenFor: String?

    init(_ user: User, _ balance: CustomerBalance, frozenFor: String?) {
        id = Hexadecimal.encode(user.id.bytes)
        email = user.email
        credit = "\(balance.credit)"
        bonus = "\(balance.bonus)"
        frozenCredit = "\(balance.frozen)"
        owing = "\(balance.owing)"
        due = "\(balance.due)"
        self.frozenFor = frozenFor
    }
}

/// All customers.
package struct CustomersAnswer: Codable, Hashable, Sendable {
    package let customers: [CustomerAnswer]
}

/// One customer with what moved lately.
package struct CustomerDetailsAnswer: Codable, Hashable, Sendable {
    /// A movement of credit.
    package struct Movement: Codable, Hashable, Sendable {
        package let time: Date
        package let amount: String
        package let isBonus: Bool
        package let note: String
    }

    /// What is left of a coupon.
    package struct LeftCoupon: Codable, Hashable, Sendable {
        package let code: String
        package let amount: String
    }

    package let customer: CustomerAnswer
    package let coupons: [LeftCoupon]
    package let movements: [Movement]

    init(
        _ customer: CustomerAnswer, coupons: [(code: String, amount: USDAmount)], movements: [JournalEntry]
    ) {
        self.customer = customer
        self.coupons = coupons.map { LeftCoupon(code: $0.code, amount: "\($0.amount)") }
        let account = JournalAccount.customer(customer.id)
        let bonus = JournalAccount.customerBonus(customer.id)
        self.movements = movements.flatMap { entry in
            entry.postings.filter { $0.account == account || $0.account == bonus }.map { posting in
                Movement(
                    time: entry.time.date, amount: "\(USDAmount(micro: posting.amount))", isBonus: posting.account == bonus,
                    note: entry.note)
            }
        }
    }
}

/// An invoice, with its one encoding: what `storj verify invoice` judges.
package struct InvoiceAnswer: Codable, Hashable, Sendable {
    /// A line.
    package struct Line: Codable, Hashable, Sendable {
        package let kind: String
        /// The project's public id, or empty.
        package let project: String
        package let bucket: String
        package let partner: String
        /// Whole numbers larger than JSON's, as text.
        package let quantity: String
        package let unit: String
        package let price: String
        package let amount: String
        package let reference: String
    }

    package let number: String
    package let month: String
    package let issuedAt: Date
    /// The digest of the invoice that this one corrects.
    package let corrects: String?
    package let lines: [Line]
    package let total: String
    /// What was left to pay when it was issued.
    package let due: String
    /// What is left to pay now.
    package let open: String
    /// Hexadecimal.
    package let digest: String
    /// Hexadecimal.
    package let document: String

    init(_ invoice: Invoice, open: USDAmount) {
        number = invoice.number
        month = "\(invoice.month)"
        issuedAt = Date(timeIntervalSince1970: Double(invoice.issuedAt))
        corrects = invoice.corrects.map { Hexadecimal.encode($0.bytes) }
        lines = invoice.lines.map { line in
            Line(
                kind: (line.isReversal ? "not " : "") + "\(line.kind)",
                project: line.kind.isUsage ? Hexadecimal.encode(line.project.bytes) : "",
                bucket: String(decoding: line.bucket, as: UTF8.self), partner: line.partner, quantity: "\(line.quantity)",
                unit: "\(line.unit)", price: "\(USDAmount(micro: Int64(clamping: line.price)))", amount: "\(line.amount)",
                reference: line.reference)
        }
        total = "\(invoice.total)"
        due = "\(invoice.due)"
        self.open = "\(open)"
        digest = Hexadecimal.encode(invoice.digest.bytes)
        document = Hexadecimal.encode(invoice.encoded)
    }
}

/// A customer's invoices, the newest first.
package struct InvoicesAnswer: Codable, Hashable, Sendable {
    package let invoices: [InvoiceAnswer]
}

/// Deposits, the newest first.
package struct DepositsAnswer: Codable, Hashable, Sendable {
    /// A deposit.
    package struct Entry: Codable, Hashable, Sendable {
        package let id: Int64
        package let customer: String
        package let state: String
        package let storj: String
        /// Dollars for a token; nil before it is credited.
        package let price: String?
        package let credit: String?
        package let bonus: String?
        package let time: Date
        package let height: UInt64
        package let transaction: String
        package let from: String
        package let to: String
        package let note: String
    }

    package let deposits: [Entry]

    init(_ deposits: [Deposit]) {
        self.deposits = deposits.map { deposit in
            Entry(
                id: deposit.id, customer: Hexadecimal.encode(deposit.user.bytes), state: deposit.state.rawValue,
                storj: "\(deposit.transfer.amount)",
                price: deposit.microUSD.map { "\(USDAmount(micro: Int64(clamping: $0)))" },
                credit: deposit.credit.map { "\($0)" }, bonus: deposit.bonus.map { "\($0)" },
                time: Date(timeIntervalSince1970: Double(deposit.transfer.time)), height: deposit.transfer.height,
                transaction: "0x" + Hexadecimal.encode(deposit.transfer.transaction.bytes),
                from: "\(deposit.transfer.from)", to: "\(deposit.transfer.to)", note: deposit.note)
        }
    }
}

/// Where a customer pays STORJ to.
package struct DepositAddressAnswer: Codable, Hashable, Sendable {
    package let address: String
}

/// A card payment.
package struct CardPaymentAnswer: Codable, Hashable, Sendable {
    package let id: String
    package let amount: String
    package let state: String
    package let note: String

    init(_ payment: CardPayment) {
        id = payment.id
        amount = "\(payment.amount)"
        state = payment.state.rawValue
        note = payment.note
    }
}

/// All coupons.
package struct CouponsAnswer: Codable, Hashable, Sendable {
    /// A coupon.
    package struct Entry: Codable, Hashable, Sendable {
        package let code: String
        package let amount: String
        package let validUntil: Date
        package let usesLeft: Int
    }

    package let coupons: [Entry]

    init(_ coupons: [Coupon]) {
        self.coupons = coupons.map {
            Entry(code: $0.code, amount: "\($0.amount)", validUntil: $0.validUntil.date, usesLeft: $0.usesLeft)
        }
    }
}

/// Who is frozen.
package struct FreezesAnswer: Codable, Hashable, Sendable {
    /// A freeze.
    package struct Entry: Codable, Hashable, Sendable {
        /// `customer` or `project`.
        package let subject: String
        package let id: String
        package let cause: String
        package let reason: String
        package let since: Date
    }

    package let freezes: [Entry]

    init(_ freezes: [Freeze]) {
        self.freezes = freezes.map { freeze in
            let (subject, id) =
                switch freeze.subject {
                case .user(let id): ("customer", Hexadecimal.encode(id.bytes))
                case .project(let id): ("project", Hexadecimal.encode(id.bytes))
                }
            return Entry(
                subject: subject, id: id, cause: freeze.kind.rawValue, reason: freeze.reason, since: freeze.since.date)
        }
    }
}

/// What STORJ costs.
package struct QuoteAnswer: Codable, Hashable, Sendable {
    /// Dollars for a token; nil when nobody knows now.
    package let price: String?
    package let time: Date?
    package let source: String?
    package let sequence: UInt64?

    init(_ quote: Quote?) {
        price = quote.map { "\(USDAmount(micro: Int64(clamping: $0.microUSD)))" }
        time = quote.map { Date(timeIntervalSince1970: Double($0.time)) }
        source = quote?.sourceName
        sequence = quote?.sequence
    }
}

/// Whether the journal adds up.
package struct JournalAnswer: Codable, Hashable, Sendable {
    package let entryCount: Int
    /// Sums of all balances: nothing, or something is wrong.
    package let microUSD: Int64
    package let storjUnits: Int64
    package let wrong: [String]

    init(_ findings: Journal.Findings) {
        entryCount = findings.entryCount
        microUSD = findings.totals[.microUSD] ?? 0
        storjUnits = findings.totals[.storj] ?? 0
        wrong = findings.wrong
    }
}

/// All partners with their newest statement.
package struct PartnersAnswer: Codable, Hashable, Sendable {
    /// A month.
    package struct Statement: Codable, Hashable, Sendable {
        package let month: String
        package let lineCount: Int
        package let owed: String
        /// STORJ.
        package let paid: String
        package let cumulative: String
        package let digest: String
        /// Hexadecimal.
        package let document: String
    }

    /// A partner.
    package struct Entry: Codable, Hashable, Sendable {
        package let id: String
        package let name: String
        package let wallet: String
        package let products: [String]
        /// The newest first.
        package let statements: [Statement]
    }

    package let partners: [Entry]

    init(_ partners: [(partner: Partner, statements: [PartnerStatement])]) {
        self.partners = partners.map { partner, statements in
            Entry(
                id: partner.id, name: partner.name, wallet: "\(partner.wallet)", products: partner.products,
                statements: statements.map { statement in
                    Statement(
                        month: "\(statement.month)", lineCount: statement.lines.count, owed: "\(statement.owed)",
                        paid: "\(statement.paid)", cumulative: "\(statement.cumulative)",
                        digest: Hexadecimal.encode(statement.digest.bytes),
                        document: Hexadecimal.encode(statement.encoded))
                })
        }
    }
}

/// What operators ask billing to do.
package enum BillingRequest {
    /// Money from a card.
    package struct Pay: Codable, Sendable {
        package let id: String
        package let amount: String

        /// A payment by its id.
        package init(id: String, amount: String) {
            self.id = id
            self.amount = amount
        }
    }

    /// A card to keep, by the service's name for it.
    package struct Card: Codable, Sendable {
        package let method: String

        /// A card.
        package init(method: String) { self.method = method }
    }

    /// A coupon to make.
    package struct MakeCoupon: Codable, Sendable {
        package let code: String
        package let amount: String
        package let validUntil: Date
        package let uses: Int

        /// A coupon.
        package init(code: String, amount: String, validUntil: Date, uses: Int) {
            self.code = code
            self.amount = amount
            self.validUntil = validUntil
            self.uses = uses
        }
    }

    /// A coupon for a customer.
    package struct Redeem: Codable, Sendable {
        package let code: String

        /// By its code.
        package init(code: String) { self.code = code }
    }

    /// Somebody to freeze.
    package struct FreezeSubject: Codable, Sendable {
        /// `customer` or `project`.
        package let subject: String
        /// An id, or a customer's address of mail.
        package let id: String
        package let reason: String

        /// Whom, and why.
        package init(subject: String, id: String, reason: String) {
            self.subject = subject
            self.id = id
            self.reason = reason
        }
    }

    /// A partner to register.
    package struct Register: Codable, Sendable {
        package let id: String
        package let name: String
        package let wallet: String
        package let products: [String]

        /// A partner.
        package init(id: String, name: String, wallet: String, products: [String]) {
            self.id = id
            self.name = name
            self.wallet = wallet
            self.products = products
        }
    }
}
