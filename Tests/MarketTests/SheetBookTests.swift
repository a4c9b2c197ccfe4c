import Contracts
import Ethereum
import Market
import StorageModel
import TestSupport
import Testing

@Suite struct SheetBookTests {
    private static let day: UInt64 = 86_400
    private static let notice = 30 * day
    private let key: PrivateKey = .generate(random: .seeded(4))

    private func sheet(
        _ sequence: UInt64, _ storage: UInt64, egress: UInt64 = 2_000_000,
        denomination: PriceSheet.Denomination = .microUSD, from: UInt64 = 1, until: UInt64 = 4_000_000_000
    ) -> PriceSheet {
        PriceSheet(
            farmer: key.address, node: NodeID(), denomination: denomination, storageTBMonth: storage, egressTB: egress,
            repairTB: 0, auditTB: 0, ingressTB: 0, validFrom: from, validUntil: until, sequence: sequence)
    }

    /// A book after sheets that came one after the other.
    private func book(_ sheets: [(sheet: PriceSheet, at: UInt64)]) -> SheetBook {
        var known: [KnownSheet] = []
        for (sheet, now) in sheets {
            let from = SheetBook(known).countsFrom(sheet, now: now, notice: Self.notice)
            known.append(KnownSheet(signed: sheet.signed(by: key), countsFrom: from))
        }
        return SheetBook(known)
    }

    private let start: UInt64 = 1_800_000_000

    @Test func `the first sheet counts at once, and never before it came`() {
        let book = book([(sheet(1, 5_000_000), start)])
        #expect(book.inForce(at: start - 1) == nil)
        #expect(book.inForce(at: start)?.signed.sheet.sequence == 1)
    }

    @Test func `a rise counts after the notice, a fall at once`() {
        let risen = book([(sheet(1, 1_000_000), start), (sheet(2, 1_000_001), start + Self.day)])
        let due = start + Self.day + Self.notice
        #expect(risen.inForce(at: due - 1)?.signed.sheet.sequence == 1)
        #expect(risen.inForce(at: due)?.signed.sheet.sequence == 2)
        let fallen = book([(sheet(1, 1_000_000), start), (sheet(2, 999_999), start + Self.day)])
        #expect(fallen.inForce(at: start + Self.day - 1)?.signed.sheet.sequence == 1)
        #expect(fallen.inForce(at: start + Self.day)?.signed.sheet.sequence == 2)
    }

    @Test func `a rise of one price hidden behind falls of others needs notice, as does another denomination`() {
        let mixed = book([(sheet(1, 1_000_000), start), (sheet(2, 1, egress: 2_000_001), start + Self.day)])
        #expect(mixed.inForce(at: start + 2 * Self.day)?.signed.sheet.sequence == 1)
        let other = book([(sheet(1, 1_000_000), start), (sheet(2, 1, denomination: .storj), start + Self.day)])
        #expect(other.inForce(at: start + 2 * Self.day)?.signed.sheet.sequence == 1)
    }

    @Test func `a sheet below one that waits counts when that one would have`() {
        let book = book([
            (sheet(1, 1_000_000), start), (sheet(2, 3_000_000), start + Self.day), (sheet(3, 2_000_000), start + 20 * Self.day),
        ])
        let due = start + Self.day + Self.notice
        #expect(book.inForce(at: due - 1)?.signed.sheet.sequence == 1)
        #expect(book.inForce(at: due)?.signed.sheet.sequence == 3)
    }

    @Test func `nobody escapes the notice by letting a sheet run out`() {
        let book = book([
            (sheet(1, 1_000_000, until: start + Self.day), start), (sheet(2, 9_000_000), start + 2 * Self.day),
        ])
        #expect(book.inForce(at: start + Self.day) == nil)
        #expect(book.inForce(at: start + 2 * Self.day) == nil)
        #expect(book.inForce(at: start + 2 * Self.day + Self.notice)?.signed.sheet.sequence == 2)
    }

    @Test func `an old sheet and another with a known number are refused, the same one is nothing new`() throws {
        let book = book([(sheet(1, 3_000_000), start), (sheet(2, 2_000_000), start), (sheet(5, 1_000_000), start)])
        #expect(throws: MessageRefusal.old(known: 5)) { try book.isNew(sheet(3, 1).signed(by: key)) }
        #expect(throws: MessageRefusal.old(known: 5)) { try book.isNew(sheet(2, 2_000_000).signed(by: key)) }
        #expect(throws: MessageRefusal.contradicting(sequence: 5)) { try book.isNew(sheet(5, 2).signed(by: key)) }
        #expect(try !book.isNew(sheet(5, 1_000_000).signed(by: key)))
        #expect(try book.isNew(sheet(6, 1).signed(by: key)))
    }

    @Test func `numbers at the end of time do not break the arithmetic`() {
        let book = book([(sheet(1, 1_000_000, until: .max), start)])
        #expect(book.countsFrom(sheet(2, 2_000_000, from: .max), now: .max, notice: .max) == .max)
    }
}
