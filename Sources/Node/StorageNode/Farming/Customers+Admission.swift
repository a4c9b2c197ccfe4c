import Contracts
import Ethereum
import Ledger
package import Orders
import PieceStore
package import StorageModel
package import WireMessages

extension Customers {
    /// Whether somebody is a customer without a satellite.
    package func isCustomer(_ id: NodeID) -> Bool { settings.isOn && account(id) != nil }

    /// Lets a customer move a piece as far as its money goes.
    ///
    /// - Throws: `RPCStatusError`.
    package func admit(_ limit: OrderLimit, for transfer: Transfer) async throws {
        guard settings.isOn else { throw RPCStatusError(.permissionDenied, "this node takes no customers of its own") }
        try await refresh(limit.satelliteID)
        guard let account = account(limit.satelliteID) else {
            throw RPCStatusError(.permissionDenied, "unknown customer \(limit.satelliteID)")
        }
        switch transfer {
        case .upload: try await admitUpload(limit, account)
        case .download:
            guard account.unpaidBytes <= settings.creditedBytes else {
                throw RPCStatusError(.failedPrecondition, "\(account.unpaidBytes) bytes of traffic are not paid")
            }
        }
    }

    private func admitUpload(_ limit: OrderLimit, _ account: CustomerAccount) async throws {
        guard !account.isClosing else { throw RPCStatusError(.failedPrecondition, "the channel is being closed") }
        let now = parts.clock.now()
        guard let expiration = limit.pieceExpiration, expiration <= now.advanced(by: settings.longestTerm) else {
            throw RPCStatusError(.invalidArgument, "pieces of customers without a satellite must expire in time")
        }
        let held = UInt64(clamping: max(0, parts.store.usage(of: limit.satelliteID).contentBytes))
        let (bytes, overflow) = held.addingReportingOverflow(UInt64(clamping: limit.limit))
        guard !overflow, bytes <= (try await securedBytes(account)) else {
            throw RPCStatusError(.resourceExhausted, "the channel's deposit is too small for more pieces")
        }
    }

    /// Bytes whose pay for the secured time the channel still holds.
    func securedBytes(_ account: CustomerAccount) async throws -> UInt64 {
        guard let sheet = parts.sheet(seconds), let pay = try await pay(sheet) else {
            throw RPCStatusError(.unavailable, "this node has no price now")
        }
        let price = sheet.sheet.price(of: .storage)
        let time = UInt64(clamping: settings.securedTime.components.seconds)
        guard let costOfTB = pay.earned(.storage, price: price, bytes: Pay.bytesPerTB, seconds: time), costOfTB > .zero
        else { return price == 0 ? .max : 0 }
        let (high, low) = account.rest.multipliedFullWidth(by: Pay.bytesPerTB)
        return high < costOfTB.units ? costOfTB.units.dividingFullWidth((high, low)).quotient : .max
    }

    /// Looks at the channel again when that was long ago.
    private func refresh(_ id: NodeID) async throws {
        guard let account = account(id) else { return }
        let age = parts.clock.now().seconds - account.checkedAt
        guard age >= settings.channelAge.components.seconds || age < 0,
            let channel = try? Channel(encoded: account.channel)
        else { return }
        let state: ChannelState?
        do { state = try await parts.backend.channel(channel.id) } catch is LedgerError {
            // Vouchers need no ledger; what was seen last is believed until it answers.
            return
        }
        let now = parts.clock.now().seconds
        try await update(id) { account in
            account.checkedAt = now
            account.funded = state?.funded.units ?? 0
            account.isClosing = state.map { $0.isClosed || $0.closesAt != nil } ?? true
        }
    }

    /// Counts what was sent to a customer.
    package func served(_ id: NodeID, bytes: Int64) async throws {
        guard bytes > 0 else { return }
        try await update(id) { account in
            account.unpricedBytes = account.unpricedBytes &+ UInt64(bytes)
            account.unpaidBytes = account.unpaidBytes &+ UInt64(bytes)
        }
    }
}
