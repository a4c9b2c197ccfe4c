import Encryption
import Foundation
import Heartbeats
import Logging
import Orders
import PieceTransfer
package import StorageModel
import WireMessages

/// What became of something that was stored.
package struct DealReport: Sendable {
    /// Its name.
    package var deal: StreamID
    /// What was stored now.
    package var objects: [ObjectRecord]
    /// What was agreed about it.
    package var agreements: [AgreementRecord]
}

extension Customer {
    /// Stores objects with the hired farmers, and lets these sign for what they got.
    ///
    /// What was interrupted goes on: objects that are complete are not stored again, and terms are proposed that nobody
    /// has signed yet.
    ///
    /// - Throws: `DirectError`, `TransferError`, what sources throw, `LedgerError`, `SettlementError`.
    @discardableResult
    package func put(_ sources: [DirectSource], terms: DealTerms = DealTerms()) async throws -> DealReport {
        let open = try await book.deals().last { $0.state == .storing }
        var stored: [ObjectRecord] = []
        for source in sources {
            guard let known = try await book.object(source.name), known.isComplete else { continue }
            guard known.deal == open?.id, known.size == source.size else { throw DirectError.objectExists(source.name) }
            stored.append(known)
        }
        var deal = try await openDeal(terms)
        let done = Set(stored.map(\.name))
        for source in sources where !done.contains(source.name) { stored.append(try await store(source, in: deal)) }
        deal.state = .agreeing
        try await book.save(deal)
        let agreements = try await agree(deal)
        return DealReport(deal: deal.id, objects: stored, agreements: agreements)
    }

    /// The deal that was begun last and not agreed about, or a new one.
    private func openDeal(_ terms: DealTerms) async throws -> DealRecord {
        guard (1...256).contains(terms.periodCount), terms.period >= 60 else {
            throw DirectError.badTerms("1 to 256 periods of at least a minute")
        }
        for deal in try await book.deals() where deal.state == .agreeing { _ = try await agree(deal) }
        if let deal = try await book.deals().last(where: { $0.state == .storing }) { return deal }
        guard let id = StreamID(parts.random.bytes(count: 16)) else { throw DirectError.damaged("a name") }
        let now = parts.clock.now()
        // Until the last period can be proven no more, and some days for clocks and late signatures.
        let seconds = terms.period * terms.periodCount + terms.window + terms.grace + 7 * 86400
        let deal = DealRecord(
            id: id, state: .storing, created: now.truncatedToMicroseconds,
            expires: now.advanced(by: .seconds(Int64(clamping: seconds))).truncatedToMicroseconds, terms: terms)
        try await book.save(deal)
        return deal
    }

    private func store(_ source: DirectSource, in deal: DealRecord) async throws -> ObjectRecord {
        let farmers = try await book.farmers().filter { $0.state == .hired && $0.refusal == nil }
        let scheme = settings.scheme ?? DirectSettings.scheme(farmers: max(1, farmers.count))
        guard farmers.count >= scheme.optimalShares else {
            throw DirectError.tooFewFarmers(needed: scheme.optimalShares, there: farmers.count)
        }
        guard let id = StreamID(parts.random.bytes(count: 16)) else { throw DirectError.damaged("a name") }
        var object = ObjectRecord(
            name: source.name, id: id, deal: deal.id, size: source.size, created: parts.clock.now().truncatedToMicroseconds)
        try await book.begin(object)
        let step = Int64(SegmentCipher.maximumPlainSize)
        var index: Int32 = 0
        repeat {
            let start = Int64(index) * step
            let upload = DirectUpload(
                customer: self, source: source, range: start..<min(start + step, source.size), index: index, scheme: scheme,
                farmers: farmers, expires: deal.expires)
            try await book.add(try await upload.run(), of: object)
            index += 1
        } while Int64(index) * step < source.size
        try await book.complete(object)
        object.isComplete = true
        return object
    }

    /// What is stored.
    package func objects() async throws -> [ObjectRecord] { try await book.objects() }
}
