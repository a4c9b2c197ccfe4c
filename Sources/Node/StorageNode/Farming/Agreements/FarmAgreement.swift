package import Contracts
package import Database
package import Ethereum
package import StorageModel

/// An agreement that the farmer signed.
package struct FarmAgreement: Sendable, Hashable {
    /// Whose pieces it is about, as the node keeps them.
    package var payer: NodeID
    /// What both signed.
    package var terms: AgreementTerms
    /// The periods the payer gave its word for.
    package var receipt: PeriodSet
    /// The payer's name under them; nil while there is no receipt.
    package var receiptSignature: Signature?
    /// Whether the ledger has it.
    package var isOpen = false
    /// Whether it is over, or was never opened.
    package var isOver = false
    /// What went wrong last; nil when nothing did.
    package var problem: String?

    /// The agreement's id.
    package var id: Bytes32 { terms.id }

    static let columns = "payer, terms, receipt, signature, is_open, is_over, problem"

    init(payer: NodeID, terms: AgreementTerms) {
        self.payer = payer
        self.terms = terms
        receipt = PeriodSet()
    }

    init(_ row: SQLRow) throws {
        self.init(payer: try row.id(0), terms: try AgreementTerms(encoded: row.blob(1)))
        receipt = PeriodSet(mask: UInt256(bigEndian: row.blob(2)) ?? .zero)
        receiptSignature = try row.optionalBlob(3).map { try Signature(encoded: $0) }
        (isOpen, isOver, problem) = (row.bool(4), row.bool(5), row.optionalText(6))
    }

    var values: [SQLValue] {
        [
            SQLValue(payer), SQLValue(terms.encoded), SQLValue(receipt.mask.bytes32.bytes),
            SQLValue(receiptSignature?.encoded), SQLValue(isOpen), SQLValue(isOver), SQLValue(problem),
            SQLValue(id.bytes),
        ]
    }
}

/// The agreements of a farmer, on the disk.
package struct AgreementBook: Sendable {
    private let database: Database

    /// Opens the book, making its tables when they are missing.
    ///
    /// - Throws: `DatabaseError`.
    package static func open(_ database: Database) async throws -> AgreementBook {
        try await database.migrate(room: "agreements", migrations)
        return AgreementBook(database: database)
    }

    private static let migrations = [
        Migration(
            "1-agreements",
            [
                """
                CREATE TABLE farming_agreements (id {blob} NOT NULL PRIMARY KEY, payer {blob} NOT NULL,
                    terms {blob} NOT NULL, pieces {blob} NOT NULL, receipt {blob} NOT NULL, signature {blob},
                    is_open {integer} NOT NULL, is_over {integer} NOT NULL, problem {text}) {table}
                """
            ])
    ]

    private init(database: Database) { self.database = database }

    /// All agreements.
    package func agreements() async throws -> [FarmAgreement] {
        try await database.read {
            try $0.query("SELECT \(FarmAgreement.columns) FROM farming_agreements ORDER BY id") { try FarmAgreement($0) }
        }
    }

    /// An agreement; nil when the farmer never signed it.
    package func agreement(_ id: Bytes32) async throws -> FarmAgreement? {
        try await database.read {
            try $0.first(
                "SELECT \(FarmAgreement.columns) FROM farming_agreements WHERE id = ?1", [SQLValue(id.bytes)]
            ) { try FarmAgreement($0) }
        }
    }

    /// The pieces an agreement is about, encoded.
    func pieces(of id: Bytes32) async throws -> [UInt8]? {
        try await database.read {
            try $0.first("SELECT pieces FROM farming_agreements WHERE id = ?1", [SQLValue(id.bytes)]) { $0.blob(0) }
        }
    }

    /// Adds an agreement unless it is there.
    func add(_ agreement: FarmAgreement, pieces: [UInt8]) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_agreements (\(FarmAgreement.columns), id, pieces)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING
                """, agreement.values + [SQLValue(pieces)])
        }
    }

    /// Keeps what the ledger showed of an agreement.
    func note(_ id: Bytes32, isOpen: Bool, isOver: Bool, problem: String?) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE farming_agreements SET is_open = ?2, is_over = ?3, problem = ?4 WHERE id = ?1",
                [SQLValue(id.bytes), SQLValue(isOpen), SQLValue(isOver), SQLValue(problem)])
        }
    }

    /// Keeps a receipt, durably, unless it takes back what an older one gave; false then.
    func keep(_ receipt: PeriodSet, _ signature: Signature, of id: Bytes32) async throws -> Bool {
        try await database.write { session in
            let known = try session.first(
                "SELECT \(FarmAgreement.columns) FROM farming_agreements WHERE id = ?1", [SQLValue(id.bytes)]
            ) { try FarmAgreement($0) }
            guard let known, known.receipt.periods.allSatisfy(receipt.contains) else { return false }
            try session.execute(
                "UPDATE farming_agreements SET receipt = ?2, signature = ?3 WHERE id = ?1",
                [SQLValue(id.bytes), SQLValue(receipt.mask.bytes32.bytes), SQLValue(signature.encoded)])
            return true
        }
    }
}
