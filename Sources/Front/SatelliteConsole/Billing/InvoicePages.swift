import Accounts
import Billing
import ConsoleKit
import Contracts
import Hummingbird
import StorageModel

/// A customer's invoices.
struct InvoiceListPage: Sendable {
    /// An invoice.
    struct Row: Sendable {
        let number: String
        let url: String
        let month: String
        let issued: Figure
        let total: Figure
        let open: Figure
        let status: Pill
        let corrects: Bool
    }

    let head: PageHead
    let tabs: [BillingTab]
    let rows: [Row]
    let hasRows: Bool
    let settling: String
}

/// One invoice, line by line.
struct InvoicePage: Sendable {
    /// A line.
    struct Line: Sendable {
        let what: String
        let project: String
        let bucket: String
        let quantity: String
        let price: String
        let amount: Figure
        let note: String
    }

    let head: PageHead
    let tabs: [BillingTab]
    let number: String
    let month: String
    let issued: Figure
    let status: Pill
    let tiles: [Tile]
    let corrects: Bool
    let lines: [Line]
    let paging: Paging
    /// Whether every line and the sums are right, by the same rules `storj verify invoice` goes by.
    let isSound: Bool
    let digest: String
    let documentURL: String
}

extension BillingPages {
    /// Lines on a page.
    private static let lineCount = 200

    func invoices(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let invoices = try await billing.invoices.invoices(of: visitor.user)
        let rows = invoices.map { invoice, open in
            InvoiceListPage.Row(
                number: invoice.number, url: "/billing/invoices/\(invoice.number)", month: "\(invoice.month)",
                issued: .time(Self.moment(invoice.issuedAt)), total: .money(microdollars: invoice.total.micro),
                open: .money(microdollars: open.micro), status: Self.status(invoice, open: open),
                corrects: invoice.corrects != nil)
        }
        let page = InvoiceListPage(
            head: PageHead("Invoices", lede: "One for every month, never changed: what turns out wrong is put right by another."),
            tabs: BillingTab.all(current: "/billing/invoices"), rows: rows, hasRows: !rows.isEmpty,
            settling: "\(billing.settings.settlingTime.components.seconds / 86400)")
        return try context.page(
            "billing-invoices", title: "Invoices", shell: visitor.shell, model: page, styles: Self.styles)
    }

    func invoice(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let (invoice, open) = try await own(context, visitor)
        let from = min(max(0, request.uri.queryParameters.get("from", as: Int.self) ?? 0), max(0, invoice.lines.count - 1))
        let lines = invoice.lines.dropFirst(from).prefix(Self.lineCount)
        let end = from + lines.count
        let path = "/billing/invoices/\(invoice.number)"
        let page = InvoicePage(
            head: PageHead(
                "Invoice \(invoice.number)", back: Link("All invoices", "/billing/invoices"),
                actions: [Link("Download the document", "\(path)/document")]),
            tabs: BillingTab.all(current: "/billing/invoices"), number: invoice.number, month: "\(invoice.month)",
            issued: .time(Self.moment(invoice.issuedAt)), status: Self.status(invoice, open: open),
            tiles: Self.tiles(invoice, open: open), corrects: invoice.corrects != nil,
            lines: lines.map { Self.line($0, visitor) },
            paging: Paging(
                summary: end - from < invoice.lines.count ? "Lines \(from + 1) to \(end) of \(invoice.lines.count)" : nil,
                previous: from > 0 ? "\(path)?from=\(max(0, from - Self.lineCount))" : nil,
                next: end < invoice.lines.count ? "\(path)?from=\(end)" : nil),
            isSound: invoice.objections.isEmpty, digest: Hexadecimal.encode(invoice.digest.bytes),
            documentURL: "\(path)/document")
        return try context.page(
            "billing-invoice", title: "Invoice \(invoice.number)", shell: visitor.shell, model: page, styles: Self.styles)
    }

    func invoiceDocument(_ context: WebContext) async throws -> Response {
        let (invoice, _) = try await own(context, try await visitor(context))
        return context.download(
            invoice.encoded, type: "application/octet-stream", fileName: "invoice-\(invoice.number).bin")
    }

    /// An invoice of the visitor's; another's is answered like one that does not exist.
    private func own(
        _ context: WebContext, _ visitor: BillingVisitor
    ) async throws -> (invoice: Invoice, open: USDAmount) {
        let number = try context.parameters.require("number")
        do {
            let found = try await billing.invoices.invoice(number)
            guard found.invoice.customer == visitor.user.storage else { throw WebError.notFound }
            return found
        } catch let error as BillingError where error.code == .notFound { throw WebError.notFound }
    }

    private static func line(_ line: InvoiceLine, _ visitor: BillingVisitor) -> InvoicePage.Line {
        let words = UsageWords(line.kind, quantity: line.quantity, unit: line.unit, price: line.price)
        let project = line.kind.isUsage ? visitor.projects[line.project] ?? Hexadecimal.encode(line.project.bytes) : ""
        let partner = line.partner.isEmpty ? "" : "brought by \(line.partner)"
        return InvoicePage.Line(
            what: (line.isReversal ? "Taken back: " : "") + words.kind, project: project,
            bucket: String(decoding: line.bucket, as: UTF8.self), quantity: words.quantity, price: words.price,
            amount: .money(microdollars: line.amount.micro, how: words.how.isEmpty ? nil : words.how),
            note: [line.reference, partner].filter { !$0.isEmpty }.joined(separator: ", "))
    }

    private static func tiles(_ invoice: Invoice, open: USDAmount) -> [Tile] {
        let paid = invoice.total.subtracting(invoice.due) ?? .zero
        return [
            Tile("Total", .money(microdollars: invoice.total.micro, how: "Usage and minimum, less coupons: the sum of those lines.")),
            Tile("Paid from credit and bonus", .money(microdollars: paid.micro, how: "Taken when the invoice was issued.")),
            Tile(
                "Open", .money(microdollars: open.micro, how: "What was due when it was issued, less what was paid since."),
                state: open > .zero ? .warning : .good),
        ]
    }

    private static func status(_ invoice: Invoice, open: USDAmount) -> Pill {
        if open > .zero { return Pill(.warning, "open") }
        return invoice.corrects == nil ? Pill(.good, "paid") : Pill(.neutral, "correction")
    }

    static func moment(_ seconds: UInt64) -> Timestamp { Timestamp(microseconds: Int64(clamping: seconds.multipliedReportingOverflow(by: 1_000_000).partialValue)) }
}
