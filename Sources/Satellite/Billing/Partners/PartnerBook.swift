package import Contracts
import Database
package import Ethereum
package import StorageModel

/// Somebody whose program brings customers.
package struct Partner: Sendable, Hashable {
    /// Part of file names: lower-case letters, digits and dashes.
    package let id: String
    package let name: String
    /// Where it is paid.
    package let wallet: Address
    /// The products its programs name in their user agent, without versions, in lower case.
    package let products: [String]
    package let registeredAt: Timestamp
}

/// The registered connectors of the Open Source Partner Program.
package struct PartnerBook: Sendable {
    private let parts: BillingParts

    init(parts: BillingParts) { self.parts = parts }

    /// Registers a partner, or gives it another name, wallet or products.
    ///
    /// - Throws: `BillingError` `.invalid`, `.alreadyExists` for a product of another partner; `DatabaseError`.
    package func register(id: String, name: String, wallet: Address, products: [String]) async throws {
        let products = Set(products.map { $0.lowercased() })
        let isID = id.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) || (97...122).contains($0) }
        guard isID, (1...64).contains(id.utf8.count), (1...256).contains(name.utf8.count), wallet != .zero else {
            throw BillingError(.invalid, "a partner has an id of letters, digits and dashes, a name and a wallet")
        }
        guard !products.isEmpty, products.allSatisfy({ (1...128).contains($0.utf8.count) && !$0.contains("/") && !$0.contains(" ") })
        else { throw BillingError(.invalid, "a partner has products, named without versions and spaces") }
        let now = parts.clock.now()
        try await parts.database.write { session in
            try session.execute(
                """
                INSERT INTO partners (id, name, wallet, registered_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, wallet = excluded.wallet
                """, [.text(id), .text(name), .blob(wallet.bytes), SQLValue(now)])
            try session.execute("DELETE FROM partner_agents WHERE partner = ?1", [.text(id)])
            for product in products {
                let isNew = try session.execute(
                    "INSERT INTO partner_agents (product, partner) VALUES (?1, ?2) ON CONFLICT (product) DO NOTHING",
                    [.text(product), .text(id)])
                guard isNew > 0 else { throw BillingError(.alreadyExists, "another partner has the product \(product)") }
            }
        }
    }

    /// All partners, by id.
    ///
    /// - Throws: `DatabaseError`.
    package func all() async throws -> [Partner] {
        try await parts.database.read { session in try Self.all(in: session) }
    }

    static func all(in session: SQLSession) throws -> [Partner] {
        try session.query("SELECT id, name, wallet, registered_at FROM partners ORDER BY id") { row in
            guard let wallet = Address(row.blob(2)) else { throw DatabaseError(.corrupt, "a partner's wallet") }
            let products = try session.query(
                "SELECT product FROM partner_agents WHERE partner = ?1 ORDER BY product", [.text(row.text(0))]
            ) { $0.text(0) }
            return Partner(
                id: row.text(0), name: row.text(1), wallet: wallet, products: products, registeredAt: row.timestamp(3))
        }
    }

    /// Whose each product is.
    func products() async throws -> [String: String] {
        try await parts.database.read { session in
            Dictionary(
                try session.query("SELECT product, partner FROM partner_agents") { ($0.text(0), $0.text(1)) }
            ) { first, _ in first }
        }
    }

    /// The partner that a bucket's products belong to: the first product that anybody registered.
    static func partner(of userAgent: [UInt8], _ products: [String: String]) -> String? {
        String(decoding: userAgent, as: UTF8.self).split(separator: " ").lazy
            .map { $0.prefix { $0 != "/" }.lowercased() }.compactMap { products[$0] }.first
    }

    /// A partner's statements, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func statements(of id: String) async throws -> [PartnerStatement] {
        try await parts.database.read { session in
            try session.query(
                "SELECT document FROM partner_statements WHERE partner = ?1 ORDER BY month DESC", [.text(id)]
            ) { try PartnerStatement(encoded: $0.blob(0)) }
        }
    }
}
