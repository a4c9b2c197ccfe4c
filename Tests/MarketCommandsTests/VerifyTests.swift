import ArgumentParser
import ClientCommands
import Contracts
import Ethereum
import Foundation
import Identity
import MarketCommands
import StorageModel
import TestSupport
import Testing

@Suite struct VerifyTests {
    /// Runs a command on the published files of a world, after a change.
    private func run<Command: MarketCommand>(
        _ type: Command.Type, _ arguments: [String], _ change: (PublishedWorld, URL) throws -> Void = { _, _ in }
    ) async throws -> (status: ClientCommands.ExitStatus, output: String, messages: String) {
        try await withTemporaryFolder { folder in
            let world = PublishedWorld()
            try world.save(in: folder)
            try change(world, folder)
            let words = arguments.map {
                $0.replacing("FOLDER", with: folder.path).replacing("NODE", with: "\(world.node)")
                    .replacing("SATELLITE", with: "\(world.satellite.id)")
            }
            let command = try #require(try Command.parseAsRoot(words) as? Command)
            let (output, messages) = (CommandOutput.inMemory(), CommandOutput.inMemory())
            let now = Date(timeIntervalSince1970: Double(PublishedWorld.november) + 20 * 86_400)
            let status = await command.perform(
                environment: CommandEnvironment(now: { now }), output: output, messages: messages)
            return (status, output.text, messages.text)
        }
    }

    private static let payment = ["NODE", "--files", "FOLDER", "--satellite", "SATELLITE"]

    @Test func `a payment holds as far as it can be looked at without a ledger`() async throws {
        let result = try await run(VerifyPaymentCommand.self, Self.payment)
        #expect(result.status == .partial)
        #expect(result.output.contains("10 of 10 lines hold"))
        #expect(result.output.contains("not checked: no ledger was looked at"))
        #expect(result.output.contains("period 5   failed"))
    }

    @Test func `a statement altered by one unit fails and is named`() async throws {
        let result = try await run(VerifyPaymentCommand.self, Self.payment) { world, folder in
            var statement = world.statements[6]
            statement.lines[1].amount = TokenAmount(statement.lines[1].amount.units + 1)
            try world.write(world.signed(statement).encoded, "statements/7/\(world.node).bin", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.output.contains("WRONG: egress earns"))
        #expect(result.output.contains("8 of 10 lines hold"))
    }

    @Test func `a statement that somebody else signed fails`() async throws {
        let result = try await run(VerifyPaymentCommand.self, Self.payment + ["--json"]) { world, folder in
            let signature = PrivateKey.generate(random: world.random).sign(
                SignedStatement.signingDigest(world.statements[0]))
            let forged = SignedStatement(statement: world.statements[0], signature: signature)
            try world.write(forged.encoded, "statements/1/\(world.node).bin", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.output.contains(#""is_sound":false"#))
    }

    @Test func `the manifest of another satellite is no manifest`() async throws {
        let result = try await run(
            VerifyPaymentCommand.self, ["NODE", "--files", "FOLDER", "--satellite", "\(NodeID())"])
        #expect(result.status == .failure)
        #expect(result.messages.contains("the manifest does not count"))
    }

    @Test func `a node nobody knows is not found`() async throws {
        let result = try await run(VerifyPaymentCommand.self, ["\(NodeID())", "--files", "FOLDER"])
        #expect(result.status == .notFound)
    }

    @Test func `a month of a node is made again from its statements`() async throws {
        let result = try await run(VerifyPayoutCommand.self, ["FOLDER/month.json", "--files", "FOLDER"])
        #expect(result.status == .success)
        #expect(result.output.contains("everything that was checked holds; 10 of 10 lines hold"))
    }

    @Test func `a month altered by one unit fails and names the line`() async throws {
        let result = try await run(VerifyPayoutCommand.self, ["FOLDER/month.json", "--files", "FOLDER"]) { world, folder in
            var document = try JSONDecoder().decode(MonthDocument.self, from: Data(try world.monthJSON()))
            let paid = try #require(TokenAmount(document.paid))
            document.paid = "\(TokenAmount(paid.units + 1))"
            try world.write(Array(try JSONEncoder().encode(document)), "month.json", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.output.contains("WRONG: paid says"))
    }

    @Test func `payouts are made a tree again, and an altered amount fails`() async throws {
        #expect(try await run(VerifyPayoutCommand.self, ["FOLDER/payouts/10.bin"]).status == .partial)
        let result = try await run(VerifyPayoutCommand.self, ["FOLDER/payouts/10.bin"]) { world, folder in
            var file = try #require(world.payouts)
            file.entries[0].cumulative = TokenAmount(file.entries[0].cumulative.units + 1)
            try world.write(file.encoded, "payouts/10.bin", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.output.contains("WRONG: the amounts make another root"))
        #expect(try await run(VerifyPayoutCommand.self, ["FOLDER/manifest.bin"]).status == .failure)
        #expect(try await run(VerifyPayoutCommand.self, ["FOLDER/nothing"]).status == .notFound)
    }

    @Test func `a manifest says what it stands for`() async throws {
        let result = try await run(VerifyManifestCommand.self, ["--files", "FOLDER", "--satellite", "SATELLITE"])
        #expect(result.status == .partial)
        #expect(result.output.contains("STORJ on its own ledger"))
        #expect(result.output.contains("20.000 %"))
    }

    @Test func `a satellite that does not accept STORJ fails`() async throws {
        let result = try await run(VerifyManifestCommand.self, ["--files", "FOLDER"]) { world, folder in
            var manifest = world.manifest
            manifest.tokens = []
            try world.write(world.signed(manifest).encoded, "manifest.bin", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.output.contains("WRONG: the satellite does not accept STORJ"))
    }

    @Test func `a manifest with one bit altered does not count`() async throws {
        let result = try await run(VerifyManifestCommand.self, ["--files", "FOLDER"]) { world, folder in
            var signed = world.signed(world.manifest)
            signed.manifest.fee += 1
            try world.write(signed.encoded, "manifest.bin", in: folder)
        }
        #expect(result.status == .failure)
        #expect(result.messages.contains("signature does not fit"))
    }

    @Test func `an invoice is computed again, and a price above the published one is told`() async throws {
        func write(_ price: UInt64, alteredBy change: Int64 = 0) -> (PublishedWorld, URL) throws -> Void {
            { world, folder in
                let month = try #require(BillingMonth("2026-11"))
                var line = try #require(
                    InvoiceLine(
                        .storage, project: Bytes16(), bucket: [1], placement: 0, partner: "",
                        quantity: 5_000_000_000_000 * 1_000_000, price: .storage(microUSDPerTBMonth: price)))
                line.amount = USDAmount(micro: line.amount.micro + change)
                let invoice = try #require(
                    Invoice(
                        number: "2026-11-000001", satellite: world.satellite.id, customer: Bytes16(), month: month,
                        issuedAt: 1, lines: [line]))
                try world.write(invoice.encoded, "invoice.bin", in: folder)
            }
        }
        let arguments = ["FOLDER/invoice.bin", "--files", "FOLDER"]
        #expect(try await run(VerifyInvoiceCommand.self, arguments, write(4_000_000)).status == .success)
        #expect(try await run(VerifyInvoiceCommand.self, ["FOLDER/invoice.bin"], write(4_000_000)).status == .partial)
        let dear = try await run(VerifyInvoiceCommand.self, arguments, write(4_000_001))
        #expect(dear.status == .failure)
        #expect(dear.output.contains("WRONG: the price is 4000001"))
        let altered = try await run(VerifyInvoiceCommand.self, arguments, write(4_000_000, alteredBy: 1))
        #expect(altered.status == .failure)
        #expect(altered.output.contains("WRONG: line 1 says"))
    }
}
