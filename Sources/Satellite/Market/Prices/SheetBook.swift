package import Contracts
import Database
import Ethereum
import StorageModel

/// A price sheet in the satellite's books.
package struct KnownSheet: Sendable, Hashable {
    package let signed: SignedPriceSheet
    /// Seconds since 1970 from which it counts.
    package let countsFrom: UInt64

    /// A sheet with the moment from which it counts.
    package init(signed: SignedPriceSheet, countsFrom: UInt64) {
        self.signed = signed
        self.countsFrom = countsFrom
    }
}

/// A farmer's sheets, oldest first: which one counts when, and from when another one would.
package struct SheetBook: Sendable, Hashable {
    package private(set) var sheets: [KnownSheet]

    /// Sheets by sequence.
    package init(_ sheets: [KnownSheet] = []) {
        self.sheets = sheets.sorted { $0.signed.sheet.sequence < $1.signed.sheet.sequence }
    }

    /// The sheet in force at a moment: the newest of those that count by then. One that is over leaves none in force:
    /// it had replaced those before it.
    package func inForce(at seconds: UInt64) -> KnownSheet? {
        guard let sheet = sheets.last(where: { $0.countsFrom <= seconds }), seconds < sheet.signed.sheet.validUntil else {
            return nil
        }
        return sheet
    }

    /// From when a new sheet counts, by the rule that a rise needs notice and nothing applies backwards.
    ///
    /// A sheet that asks no more than one that counts already, or will, counts as soon as that one does. Sheets that
    /// ended lately are remembered: nobody escapes the notice by letting one run out.
    /// - Parameters:
    ///   - now: seconds since 1970, when it arrived.
    ///   - notice: seconds.
    package func countsFrom(_ sheet: PriceSheet, now: UInt64, notice: UInt64) -> UInt64 {
        let earliest = max(now, sheet.validFrom)
        let (noticed, overflow) = now.addingReportingOverflow(notice)
        let latest = max(earliest, overflow ? .max : noticed)
        let remembered = sheets.filter { known in
            let end = known.signed.sheet.validUntil.addingReportingOverflow(notice)
            return end.overflow || end.partialValue > now
        }
        guard !remembered.isEmpty else { return earliest }
        return remembered.filter { sheet.asksNoMore(than: $0.signed.sheet) }
            .map { max(earliest, $0.countsFrom) }.min().map { min($0, latest) } ?? latest
    }

    /// Whether a sheet may be taken, and whether it is new.
    ///
    /// - Returns: false for one that is known already.
    /// - Throws: `MessageRefusal.old`, `.contradicting`.
    package func isNew(_ signed: SignedPriceSheet) throws(MessageRefusal) -> Bool {
        guard let last = sheets.last else { return true }
        let sequence = signed.sheet.sequence
        if sequence > last.signed.sheet.sequence { return true }
        guard let known = sheets.first(where: { $0.signed.sheet.sequence == sequence }) else {
            throw .old(known: last.signed.sheet.sequence)
        }
        guard known.signed.sheet == signed.sheet else { throw .contradicting(sequence: sequence) }
        guard sequence == last.signed.sheet.sequence else { throw .old(known: last.signed.sheet.sequence) }
        return false
    }

    mutating func add(_ sheet: KnownSheet) { sheets.append(sheet) }
}

extension PriceSheet {
    /// Whether no price is above the other's; in another denomination nobody can tell.
    func asksNoMore(than other: PriceSheet) -> Bool {
        denomination == other.denomination && ServiceKind.allCases.allSatisfy { price(of: $0) <= other.price(of: $0) }
    }
}

extension SheetBook {
    /// Sheets that are kept for a node: rises wait, and what counted in open periods must be found.
    private static let keptCount = 64

    /// A node's sheets.
    static func fetch(_ node: NodeID, in session: SQLSession) throws -> SheetBook {
        SheetBook(
            try session.query(
                "SELECT sheet, counts_from FROM market_price_sheets WHERE node = ?1 ORDER BY sequence", [SQLValue(node)]
            ) { row in
                KnownSheet(
                    signed: try SignedPriceSheet(stored: row.blob(0)), countsFrom: UInt64(clamping: row.integer(1)))
            })
    }

    static func save(_ sheet: KnownSheet, receivedAt now: UInt64, in session: SQLSession) throws {
        let node = SQLValue(sheet.signed.sheet.node)
        let sequence = Int64(clamping: sheet.signed.sheet.sequence)
        try session.execute(
            """
            INSERT INTO market_price_sheets (node, sequence, sheet, received_at, counts_from)
            VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (node, sequence) DO NOTHING
            """,
            [
                node, .integer(sequence), .blob(sheet.signed.encoded), .integer(Int64(clamping: now)),
                .integer(Int64(clamping: sheet.countsFrom)),
            ])
        try session.execute(
            """
            DELETE FROM market_price_sheets WHERE node = ?1 AND sequence < (
                SELECT min(sequence) FROM (
                    SELECT sequence FROM market_price_sheets WHERE node = ?1 ORDER BY sequence DESC LIMIT ?2) AS kept)
            """, [node, SQLValue(Self.keptCount)])
    }
}

extension RLPValue {
    /// Reads what the satellite wrote itself.
    ///
    /// - Throws: `DatabaseError`.
    init(stored bytes: [UInt8]) throws {
        do { try self.init(encoded: bytes) } catch { throw DatabaseError(.corrupt, "a signed message does not parse: \(error)") }
    }
}
