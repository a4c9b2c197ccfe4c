import Accounts
import ClientCommands
import Contracts
import Foundation
import Ledger
import OperatorCommands
import SatelliteTesting
import StorageModel
import TestSupport
import Testing

@Suite struct BillingCommandsTests {
    private static let customer = "owner@example.com"

    @Test func `customers, coupons and their movements are shown, as a table and as JSON`() async throws {
        try await AdminBench.withSatellite { bench in
            let id = Hexadecimal.encode(bench.satellite.project.ownerID.bytes)
            let amount = try #require(USDAmount("12.34"))
            try await Journal(database: bench.satellite.database).post(
                try JournalEntry(
                    id: "test", time: bench.satellite.clock.now, amount, from: .cards, to: .customer(id), note: "paid by card"))
            let list = try await bench.run("billing")
            #expect(list.status == .success)
            #expect(list.output.contains(Self.customer) && list.output.contains("12.34"))
            let json = try objects(try await bench.run("billing", "--json").output)
            let customers = try #require(json.first?["customers"] as? [[String: Any]])
            #expect(customers.first?["credit"] as? String == "12.34")
            #expect(customers.first?["id"] as? String == id)

            #expect(try await bench.run("coupon", "create", "WELCOME", "--amount", "5", "--uses", "1").status == .success)
            #expect(try await bench.run("coupon", "apply", "WELCOME", Self.customer).status == .success)
            #expect(try await bench.run("coupon", "apply", "NONE", Self.customer).status == .notFound)
            #expect(try await bench.run("coupon").output.contains("WELCOME"))
            let shown = try await bench.run("billing", "show", id).output
            #expect(shown.contains("paid by card") && shown.contains("5.00 $ left"))
            #expect(try await bench.run("billing", "show", "nobody@example.com").status == .notFound)
            #expect(try await bench.run("billing", "check").status == .success)
        }
    }

    @Test func `a freeze is set, listed and lifted`() async throws {
        try await AdminBench.withSatellite { bench in
            #expect(try await bench.run("freeze").output == "nobody is frozen\n")
            let frozen = try await bench.run("freeze", Self.customer, "--reason", "asked for it")
            #expect(frozen.status == .success)
            #expect(frozen.output.contains("asked for it"))
            #expect(try await bench.satellite.accounts.freezes().count == 1)
            #expect(try await bench.run("billing").output.contains("frozen: asked for it"))
            #expect(try await bench.run("unfreeze", Self.customer).status == .success)
            #expect(try await bench.run("unfreeze", Self.customer).status == .notFound)
            #expect(try await bench.run("unfreeze").status == .usage)
            let project = Hexadecimal.encode(bench.satellite.project.id.bytes)
            #expect(try await bench.run("freeze", "--project", project).output.contains(project))
            #expect(try await bench.run("freeze", "--project", "xyz").status == .usage)
        }
    }

    @Test func `quotes, deposits, invoices and partners are shown where there is nothing yet`() async throws {
        try await AdminBench.withSatellite { bench in
            #expect(try await bench.run("quote").output.hasPrefix("0.25 $ for a STORJ"))
            #expect(try await bench.run("deposits").output == "no deposits\n")
            #expect(try await bench.run("deposits", "release", "7").status == .notFound)
            #expect(try await bench.run("invoice", "list", Self.customer).output == "no invoices\n")
            #expect(try await bench.run("invoice", "show", "2026-01-000001").status == .notFound)
            #expect(try await bench.run("invoice", "preview", Self.customer).output.contains("preview"))
            #expect(try await bench.run("partner").output == "no partners\n")
            let wallet = "0x00000000000000000000000000000000000000ff"
            let registered = try await bench.run(
                "partner", "register", "duck", "--name", "Duck", "--wallet", wallet, "--product", "cyberduck")
            #expect(registered.status == .success)
            #expect(registered.output.contains("cyberduck"))
            #expect(
                try await bench.run("partner", "register", "x", "--name", "X", "--wallet", "0x1", "--product", "y").status
                    == .usage)
            #expect(try await bench.run("billing", "address", Self.customer).status == .failure)
        }
    }
}
