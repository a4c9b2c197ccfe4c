package import Contracts
import Ethereum
import Ledger
import Logging
package import StorageModel
import WireMessages

extension Customer {
    /// Asks nodes what they ask for.
    package func offers(of nodes: [NodeURL]) async throws -> [OfferAnswer] {
        let now = try await ledgerTime()
        let ledger = domains.agreements.separator
        return await withTaskGroup(of: OfferAnswer.self) { group in
            for node in nodes {
                group.addTask { [self] in
                    do {
                        let offer = try await caller.offer(of: node, ledger: ledger, now: now)
                        return OfferAnswer(node: node, result: .success(offer))
                    } catch {
                        return OfferAnswer(node: node, result: .failure(error))
                    }
                }
            }
            var answers: [NodeID: OfferAnswer] = [:]
            for await answer in group { answers[answer.node.id] = answer }
            return nodes.compactMap { answers[$0.id] }
        }
    }

    /// Opens a funded channel with each farmer that has none, and makes the customer known to its node.
    ///
    /// - Parameter deposit: locked for each; only traffic is paid from it, and nodes give credit up to it.
    /// - Returns: the farmers as they are now; `refusal` says why one is not hired.
    /// - Throws: `DirectError.balanceTooLow`, `SettlementError`, `LedgerError`.
    @discardableResult
    package func hire(_ nodes: [NodeURL], deposit: TokenAmount) async throws -> [FarmerRecord] {
        let now = try await ledgerTime()
        var farmers: [FarmerRecord] = []
        for answer in try await offers(of: nodes) {
            do {
                let offer = try answer.result.get()
                if let farmer = try await prepared(offer, deposit: deposit, now: now) { farmers.append(farmer) }
            } catch let error as DirectError {
                parts.logger.warning("a node is not hired", metadata: ["node": "\(answer.node.id)", "error": "\(error)"])
                if var farmer = try await book.farmer(answer.node.id) {
                    farmer.refusal = "\(error)"
                    try await book.save(farmer)
                }
            }
        }
        try await openChannels(farmers)
        for farmer in farmers { try await introduce(farmer, now: now) }
        let asked = Set(nodes.map(\.id))
        return try await book.farmers().filter { asked.contains($0.node) }
    }

    /// A farmer with its channel's parameters in the books.
    private func prepared(_ offer: FarmerOffer, deposit: TokenAmount, now: UInt64) async throws -> FarmerRecord? {
        if let limit = settings.priceLimit {
            let pay = try await pay(offer.sheet, now: now)
            let price = pay.earned(
                .storage, price: offer.sheet.sheet.storageTBMonth, bytes: Pay.bytesPerTB, seconds: Pay.secondsPerMonth)
            guard let price, price.units <= limit else {
                throw DirectError.tooExpensive(
                    offer.node.id, "\(price.map(\.description) ?? "more than there is") STORJ for a TB-month")
            }
        }
        if var known = try await book.farmer(offer.node.id), known.state != .closed,
            known.channel.farmer == offer.binding.binding.wallet
        {
            known.url = offer.node
            known.binding = offer.binding
            known.sheet = offer.sheet
            try await book.save(known)
            return known.state == .closing ? nil : known
        }
        guard let salt = Bytes32(parts.random.bytes(count: Bytes32.byteCount)) else { return nil }
        let channel = Channel(
            payer: wallet, farmer: offer.binding.binding.wallet, signer: parts.signer.address,
            challenge: settings.challenge, salt: salt)
        let farmer = FarmerRecord(
            url: offer.node, binding: offer.binding, sheet: offer.sheet, state: .opening, channel: channel,
            deposit: deposit, cumulative: .zero, voucher: nil, limits: 0, refusal: nil)
        try await book.save(farmer)
        return farmer
    }

    /// Puts channels on the ledger that are not there yet, those with equal deposits together.
    private func openChannels(_ farmers: [FarmerRecord]) async throws {
        var missing: [TokenAmount: [Channel]] = [:]
        for farmer in farmers where farmer.state == .opening {
            if try await parts.ledger.channel(farmer.channel.id) == nil { missing[farmer.deposit, default: []].append(farmer.channel) }
        }
        for (deposit, channels) in missing.sorted(by: { $0.key < $1.key }) {
            let balance = try await parts.ledger.balance(of: wallet)
            guard let needed = deposit.multiplied(by: UInt64(channels.count)), needed <= balance else {
                throw DirectError.balanceTooLow(
                    needed: deposit.multiplied(by: UInt64(channels.count)) ?? deposit, there: balance)
            }
            for start in stride(from: 0, to: channels.count, by: ChannelOperation.maximumCount) {
                let part = Array(channels[start..<min(start + ChannelOperation.maximumCount, channels.count)])
                try await perform(.channel(.openMany(part, deposit)))
            }
        }
    }

    /// Tells a node who pays it.
    func introduce(_ farmer: FarmerRecord, now: UInt64) async throws {
        var farmer = farmer
        do {
            let answer = try await caller.hire(
                farmer.url, binding: binding(now: now), channel: farmer.channel, voucher: farmer.voucher)
            try adopt(Array(answer.voucher), for: &farmer)
            farmer.refusal = answer.accepted ? nil : answer.refusal
            if answer.accepted { farmer.state = .hired }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            farmer.refusal = "\(error)"
        }
        try await book.save(farmer)
    }

    /// Takes over a voucher that the node has and the books do not know: they are older than the node's.
    func adopt(_ encoded: [UInt8], for farmer: inout FarmerRecord) throws {
        guard !encoded.isEmpty, let voucher = try? SignedVoucher(encoded: encoded),
            voucher.voucher.channel == farmer.channel.id, voucher.voucher.cumulative > farmer.cumulative,
            (try? voucher.signer(in: domains.channels)) == parts.signer.address
        else { return }
        farmer.voucher = voucher
        farmer.cumulative = voucher.voucher.cumulative
    }

    /// Locks more for a farmer's traffic.
    package func topUp(_ node: NodeID, by amount: TokenAmount) async throws {
        guard var farmer = try await book.farmer(node), farmer.state == .hired else { throw DirectError.notHired(node) }
        try await perform(.channel(.topUp(farmer.channel.id, amount)))
        farmer.deposit = try await parts.ledger.channel(farmer.channel.id)?.funded ?? farmer.deposit
        try await book.save(farmer)
    }
}
