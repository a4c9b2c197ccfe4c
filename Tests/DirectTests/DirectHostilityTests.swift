import Contracts
import DRPC
import Database
import Direct
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct DirectHostilityTests {
    private func call(
        _ fixture: DirectFixture, _ receipt: Receipt, signedBy key: PrivateKey, domain: SigningDomain
    ) async throws -> Market_ReceiptResponse {
        var request = Market_ReceiptRequest()
        request.agreement = Data(receipt.agreement.bytes)
        request.periods = Data(receipt.periods.mask.bytes32.bytes)
        request.signature = Data(key.sign(receipt.digest(in: domain)).encoded)
        return try await fixture.parts.dialer.connect(to: fixture.farmers[0].url).call(FarmerMethods.receipt, request)
    }

    @Test func `forged receipts, receipts for another ledger and receipts that take back are refused`() async throws {
        try await DirectFixture.run(farmers: 1) { fixture in
            try await fixture.hire()
            let report = try await fixture.customer.put([DirectSource(name: "a", bytes: fixture.content(5000))])
            let id = try #require(report.agreements.first?.id)
            let domain = fixture.backend.description.domains.agreements
            let good = Receipt(agreement: id, periods: PeriodSet([0, 1]))
            let stranger = PrivateKey.generate(random: .seeded(77))
            #expect(try await !call(fixture, good, signedBy: stranger, domain: domain).accepted)
            let otherChain = SigningDomain(
                name: domain.name, version: domain.version, chainID: 1, contract: domain.contract)
            #expect(try await !call(fixture, good, signedBy: fixture.parts.signer, domain: otherChain).accepted)
            let channels = fixture.backend.description.domains.channels
            #expect(try await !call(fixture, good, signedBy: fixture.parts.signer, domain: channels).accepted)
            let beyond = Receipt(agreement: id, periods: PeriodSet([0, 200]))
            #expect(try await !call(fixture, beyond, signedBy: fixture.parts.signer, domain: domain).accepted)
            #expect(try await call(fixture, good, signedBy: fixture.parts.signer, domain: domain).accepted)
            let fewer = Receipt(agreement: id, periods: PeriodSet([1]))
            #expect(try await !call(fixture, fewer, signedBy: fixture.parts.signer, domain: domain).accepted)
        }
    }

    @Test func `forged and uncovered vouchers, and other people's channels, are refused`() async throws {
        try await DirectFixture.run(farmers: 1) { fixture in
            try await fixture.hire()
            let record = try #require(try await fixture.customer.status().farmers.first?.record)
            let domain = fixture.backend.description.domains.channels
            let binding = WalletBinding(
                node: fixture.parts.identity.id, wallet: fixture.parts.wallet.address,
                signer: fixture.parts.signer.address, sequence: 1 << 40, validUntil: 1 << 40)
            let own = binding.signed(by: fixture.parts.identity, signer: fixture.parts.signer, wallet: fixture.parts.wallet)
            func hire(
                _ binding: SignedWalletBinding, _ voucher: SignedVoucher?, as identity: NodeIdentity? = nil
            ) async throws -> Market_HireResponse {
                var request = Market_HireRequest()
                request.binding = Data(binding.encoded)
                request.channel = Data(record.channel.encoded)
                request.voucher = Data(voucher?.encoded ?? [])
                guard let identity else {
                    return try await fixture.parts.dialer.connect(to: record.url).call(FarmerMethods.hire, request)
                }
                let dialer = try TLSDialer(
                    identity: identity, settings: RPCDialerSettings(), eventLoops: DirectFixture.loops)
                let answer = try await dialer.connect(to: record.url).call(FarmerMethods.hire, request)
                await dialer.close()
                return answer
            }
            func voucher(_ units: UInt64, by key: PrivateKey, in domain: SigningDomain) -> SignedVoucher {
                Voucher(
                    channel: record.channel.id, cumulative: TokenAmount(units), period: 1, statement: Bytes32()
                ).signed(by: key, in: domain)
            }
            let signer = fixture.parts.signer
            let stranger = PrivateKey.generate(random: .seeded(5))
            #expect(try await !hire(own, voucher(10, by: stranger, in: domain)).accepted)
            let mainnet = SigningDomain(name: domain.name, version: domain.version, chainID: 1, contract: domain.contract)
            #expect(try await !hire(own, voucher(10, by: signer, in: mainnet)).accepted)
            #expect(try await !hire(own, voucher(.max, by: signer, in: domain)).accepted)
            #expect(try await hire(own, voucher(10, by: signer, in: domain)).accepted)
            // An older one after a newer one changes nothing, and the newest is given back to who asks.
            let again = try await hire(own, voucher(5, by: signer, in: domain))
            #expect(try SignedVoucher(encoded: Array(again.voucher)).voucher.cumulative == TokenAmount(10))

            let thief = NodeIdentity.generate(random: .seeded(6))
            let stolen = WalletBinding(
                node: thief.id, wallet: fixture.parts.wallet.address, signer: signer.address, sequence: 1,
                validUntil: 1 << 40
            ).signed(by: thief, signer: stranger, wallet: nil)
            #expect(try await !hire(stolen, nil, as: thief).accepted)
        }
    }

    @Test func `books that are older than the farmer's learn the newest voucher from it`() async throws {
        try await DirectFixture.run(farmers: 1) { fixture in
            try await fixture.hire()
            let content = fixture.content(2_000_000)
            try await fixture.customer.put([DirectSource(name: "a", bytes: content)])
            // A node counts what it sent when the client has gone: at the latest the next object pays for it.
            for _ in 0..<3 { #expect(try await fixture.fetch("a") == content) }
            let newest = try #require(try await fixture.customer.status().farmers.first?.record)
            #expect(newest.cumulative > .zero)
            try await fixture.parts.database.write { session in
                try session.execute("UPDATE direct_farmers SET cumulative = 0, voucher = NULL")
            }
            try await fixture.hire()
            #expect(try await fixture.customer.status().farmers.first?.record.cumulative == newest.cumulative)
        }
    }

    @Test func `a farmer that lost its books is given the newest voucher again`() async throws {
        try await DirectFixture.run(farmers: 1) { fixture in
            try await fixture.hire()
            let content = fixture.content(2_000_000)
            try await fixture.customer.put([DirectSource(name: "a", bytes: content)])
            for _ in 0..<3 { #expect(try await fixture.fetch("a") == content) }
            let newest = try #require(try await fixture.customer.status().farmers.first?.record)
            #expect(newest.cumulative > .zero)
            let farmer = fixture.farmers[0]
            await farmer.stop()
            try FileManager.default.removeItem(at: farmer.folder.appending(path: "customers"))
            try await farmer.start()
            // Nobody knows the customer now, and it introduces itself.
            try await fixture.hire()
            var request = Market_HireRequest()
            let binding = WalletBinding(
                node: fixture.parts.identity.id, wallet: fixture.parts.wallet.address,
                signer: fixture.parts.signer.address, sequence: 1 << 40, validUntil: 1 << 40
            ).signed(by: fixture.parts.identity, signer: fixture.parts.signer, wallet: fixture.parts.wallet)
            request.binding = Data(binding.encoded)
            request.channel = Data(newest.channel.encoded)
            let answer = try await fixture.parts.dialer.connect(to: newest.url).call(FarmerMethods.hire, request)
            #expect(answer.accepted)
            #expect(try SignedVoucher(encoded: Array(answer.voucher)).voucher.cumulative == newest.cumulative)
            #expect(try await fixture.fetch("a") == content)
        }
    }

    @Test func `terms below the farmer's price, about other pieces or signed by a stranger are refused`() async throws {
        try await DirectFixture.run(farmers: 1) { fixture in
            try await fixture.hire()
            let report = try await fixture.customer.put([DirectSource(name: "a", bytes: fixture.content(9000))])
            let good = try #require(report.agreements.first?.terms)
            let domain = fixture.backend.description.domains.agreements
            func refusal(_ terms: AgreementTerms, by key: PrivateKey) async throws -> String {
                var request = Market_AgreementRequest()
                request.terms = Data(terms.encoded)
                request.signature = Data(key.sign(terms.digest(in: domain)).encoded)
                return try await fixture.parts.dialer.connect(to: fixture.farmers[0].url)
                    .call(FarmerMethods.agree, request).refusal
            }
            var other = good
            other.salt = Bytes32()
            #expect(try await !refusal(other, by: fixture.parts.wallet).isEmpty)
            #expect(try await !refusal(other, by: PrivateKey.generate(random: .seeded(3))).isEmpty)
        }
    }
}

@Suite struct DirectResumptionTests {
    @Test func `a channel that was opened before the crash is not opened again`() async throws {
        try await DirectFixture.run(farmers: 2) { fixture in
            let broken = ForgetfulLedger(fixture.backend)
            let customer = try await fixture.restarted(ledger: broken)
            broken.failAfter(1)
            await #expect(throws: LedgerError.self) {
                try await customer.hire(fixture.farmers.map(\.url), deposit: DirectFixture.deposit)
            }
            let before = try await fixture.balance(fixture.parts.wallet.address)
            #expect(before < DirectFixture.riches)
            let next = try await fixture.restarted()
            let farmers = try await next.hire(fixture.farmers.map(\.url), deposit: DirectFixture.deposit)
            #expect(farmers.allSatisfy { $0.state == .hired && $0.refusal == nil })
            #expect(try await fixture.balance(fixture.parts.wallet.address) == before)
        }
    }

    @Test func `agreements that a crash interrupted are made once, and objects are not stored twice`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            try await fixture.hire()
            let broken = ForgetfulLedger(fixture.backend)
            let source = DirectSource(name: "a", bytes: fixture.content(20_000))
            let customer = try await fixture.restarted(ledger: broken)
            broken.failAfter(2)
            await #expect(throws: LedgerError.self) { try await customer.put([source]) }
            let next = try await fixture.restarted()
            _ = try await next.heartbeat()
            let status = try await next.status()
            #expect(status.agreements.count == 3)
            #expect(status.agreements.allSatisfy { $0.record.state == .open && $0.state != nil })
            #expect(status.objects.count == 1)
            #expect(status.deals.allSatisfy { $0.state == .running })
        }
    }

    @Test func `an object whose upload was interrupted is stored anew under its name`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            try await fixture.hire()
            let content = fixture.content(30_000)
            let torn = DirectSource(name: "a", size: Int64(content.count)) { _ in throw CancellationError() }
            await #expect(throws: (any Error).self) { try await fixture.customer.put([torn]) }
            #expect(try await fixture.customer.objects().map(\.isComplete) == [false])
            try await fixture.customer.put([DirectSource(name: "a", bytes: content)])
            #expect(try await fixture.fetch("a") == content)
            await #expect(throws: DirectError.objectExists("a")) {
                try await fixture.customer.put([DirectSource(name: "a", bytes: [1])])
            }
        }
    }
}
