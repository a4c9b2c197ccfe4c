import Blake3
import Chores
import Contracts
import DRPC
import Ethereum
import Foundation
import Heartbeats
import Identity
import StorageModel
import WireMessages

/// Speaks to farmers' nodes.
struct FarmerCaller: Sendable {
    let dialer: any RPCDialer
    let sleeper: Sleeper
    let timeout: Duration

    /// What a node asks, read and checked.
    ///
    /// - Parameters:
    ///   - ledger: the separator of the agreements' domain on the customer's ledger.
    ///   - now: seconds since 1970.
    /// - Throws: `DirectError`, and what a call throws.
    func offer(of node: NodeURL, ledger: Bytes32, now: UInt64) async throws -> FarmerOffer {
        let (answer, peer) = try await sleeper.limit(to: timeout) {
            let connection = try await dialer.connect(to: node)
            return (try await connection.call(FarmerMethods.offer, Market_OfferRequest()), connection.peer)
        }
        guard let peer else { throw DirectError.noOffer(node.id, "it shows no certificate") }
        guard answer.takesCustomers else { throw DirectError.noOffer(node.id, "it takes no customers without a satellite") }
        guard Array(answer.ledger) == ledger.bytes else { throw DirectError.otherLedger(node.id) }
        do {
            let binding = try SignedWalletBinding(encoded: Array(answer.binding))
            try binding.verify(node: peer, now: now)
            let sheet = try SignedPriceSheet(encoded: Array(answer.priceSheet))
            try sheet.verify(binding.binding, now: now)
            return FarmerOffer(
                node: node, binding: binding, sheet: sheet, freeSpace: max(0, answer.freeSpace),
                leastPeriods: answer.leastPeriods)
        } catch let error as MessageRefusal {
            throw DirectError.noOffer(node.id, "\(error)")
        } catch let error as EthereumError {
            throw DirectError.noOffer(node.id, "\(error)")
        }
    }

    /// Tells a node who pays; the same again, with a newer voucher, pays.
    func hire(
        _ node: NodeURL, binding: SignedWalletBinding, channel: Channel, voucher: SignedVoucher?
    ) async throws -> Market_HireResponse {
        var request = Market_HireRequest()
        request.binding = Data(binding.encoded)
        request.channel = Data(channel.encoded)
        if let voucher { request.voucher = Data(voucher.encoded) }
        let sent = request
        return try await sleeper.limit(to: timeout) {
            try await dialer.connect(to: node).call(FarmerMethods.hire, sent)
        }
    }

    /// Asks a farmer to sign.
    ///
    /// - Returns: its signature, checked.
    /// - Throws: `DirectError.refused`, and what a call throws.
    func agree(
        _ node: NodeURL, terms: AgreementTerms, signature: Signature, pieces: CommittedSet, domain: SigningDomain
    ) async throws -> Signature {
        var request = Market_AgreementRequest()
        request.terms = Data(terms.encoded)
        request.signature = Data(signature.encoded)
        request.pieces = Data(pieces.encoded)
        let sent = request
        let answer = try await sleeper.limit(to: timeout) {
            try await dialer.connect(to: node).call(FarmerMethods.agree, sent)
        }
        guard !answer.signature.isEmpty else {
            throw DirectError.refused(node.id, answer.refusal.isEmpty ? "it does not say why" : answer.refusal)
        }
        guard let name = try? Signature(encoded: Array(answer.signature)),
            name.isSigned(terms.digest(in: domain), by: terms.farmer)
        else { throw DirectError.refused(node.id, "its signature is not the farmer's under these terms") }
        return name
    }

    /// Gives a farmer the payer's word that periods are due.
    func deliver(_ receipt: Receipt, signature: Signature, to node: NodeURL) async throws -> Market_ReceiptResponse {
        var request = Market_ReceiptRequest()
        request.agreement = Data(receipt.agreement.bytes)
        request.periods = Data(receipt.periods.mask.bytes32.bytes)
        request.signature = Data(signature.encoded)
        let sent = request
        return try await sleeper.limit(to: timeout) {
            try await dialer.connect(to: node).call(FarmerMethods.receipt, sent)
        }
    }

    /// A node's chunks for a challenge, in its order; nil where it shows none, or nothing that could be one.
    ///
    /// - Throws: what a call throws: then nothing is known, and it is asked again.
    func chunks(_ request: Heartbeat_ChallengeRequest, of node: NodeURL) async throws -> [SampleAnswer] {
        try await sleeper.limit(to: timeout) {
            let connection = try await dialer.connect(to: node)
            return try await connection.withStream(HeartbeatMethods.challenge) { stream in
                try await stream.send(request)
                stream.closeSend()
                var answers = [SampleAnswer](repeating: .missing, count: request.samples.count)
                var messages = 0
                while let response = try await stream.receive() {
                    messages += 1
                    // More messages than samples are no answer; nobody waits for the end of it.
                    guard messages <= request.samples.count + 1 else { break }
                    for answer in response.answers where answers.indices.contains(Int(answer.number)) {
                        answers[Int(answer.number)] = SampleAnswer(answer)
                    }
                }
                return answers
            }
        }
    }
}

/// A node's answer to one sample.
enum SampleAnswer: Sendable {
    /// A chunk and what should lead from it to the piece's hash.
    case chunk(ChunkProof)
    /// The node could not read it now: it is asked again.
    case unreadable
    /// The node does not have it, or shows nothing that could be one.
    case missing

    init(_ answer: Heartbeat_SampleAnswer) {
        switch answer.fault {
        case .readFailure: self = .unreadable
        case .none:
            let bytes = Array(answer.siblings)
            let size = Bytes32.byteCount
            guard answer.chunk.count <= Blake3Tree.chunkSize, bytes.count % size == 0,
                bytes.count / size <= SetPath.maximumLength
            else {
                self = .missing
                return
            }
            let siblings = stride(from: 0, to: bytes.count, by: size).compactMap { Bytes32(bytes[$0..<$0 + size]) }
            self = .chunk(ChunkProof(chunk: Array(answer.chunk), siblings: siblings))
        default: self = .missing
        }
    }
}
