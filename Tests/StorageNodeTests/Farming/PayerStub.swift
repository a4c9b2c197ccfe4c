import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import Synchronization
import WireMessages

/// A satellite as somebody who pays: as little of one as the farmer's side needs.
final class PayerStub: Sendable {
    struct State {
        /// Nil: the satellite does not know the question.
        var manifest: SignedManifest?
        var payment = Market_RegisterResponse.Payment.channel
        var channel: Channel?
        var voucher: SignedVoucher?
        var refusal = ""
        var registrations: [(binding: SignedWalletBinding, sheet: SignedPriceSheet)] = []
        /// From when the newest sheet counts; nil: from when it is valid.
        var sheetFrom: UInt64?
        var files: [String: [UInt8]] = [:]
        var isDown = false
    }

    private let state: Mutex<State>

    init() { state = Mutex(State()) }

    var now: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func router() -> RPCRouter {
        var router = RPCRouter()
        router.unary(NodeMethods.getTime) { _, _ in Node_GetTimeResponse() }
        router.unary(MarketMethods.manifest) { _, _ in
            let state = try self.answering()
            guard let manifest = state.manifest else { throw RPCStatusError(.unimplemented, "Unimplemented") }
            var response = Market_ManifestResponse()
            response.manifest = Data(manifest.encoded)
            return response
        }
        router.unary(MarketMethods.register) { request, _ in
            _ = try self.answering()
            let binding = try SignedWalletBinding(encoded: Array(request.binding))
            let sheet = try SignedPriceSheet(encoded: Array(request.priceSheet))
            self.change { $0.registrations.append((binding, sheet)) }
            let state = self.now
            var response = Market_RegisterResponse()
            response.refusal = state.refusal
            response.payment = state.payment
            response.channel = Data(state.channel?.encoded ?? [])
            response.voucher = Data(state.voucher?.encoded ?? [])
            response.sheetSequence = sheet.sheet.sequence
            response.sheetFrom = state.sheetFrom ?? sheet.sheet.validFrom
            return response
        }
        router.stream(MarketMethods.getFile) { stream, _ in
            guard let request = try await stream.receive() else { return }
            guard let file = self.now.files[request.name] else { throw RPCStatusError(.notFound, "no such file") }
            for start in stride(from: 0, to: file.count, by: 100) {
                var part = Market_FilePart()
                part.content = Data(file[start..<min(start + 100, file.count)])
                try await stream.send(part)
            }
        }
        return router
    }

    private func answering() throws -> State {
        let state = now
        if state.isDown { throw RPCStatusError(.unavailable, "not now") }
        return state
    }
}

/// A source of prices that a test can change.
final class TestQuotes: QuoteSource {
    let name = "test"
    /// Micro-dollars of a token; nil: nobody knows.
    let price = Mutex<UInt64?>(250_000)

    func quote(at seconds: UInt64) async throws -> Quote? {
        price.withLock { $0 }.map { Quote(microUSD: $0, time: seconds, source: Quote.label("test")) }
    }
}
