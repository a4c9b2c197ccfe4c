import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Asks Stripe's API: the few calls that charge a card.
///
/// - Source: Stripe API reference (customers, payment methods, payment intents).
struct StripeClient: Sendable {
    /// Bytes an answer may have.
    private static let maximumByteCount = 1 << 20
    private static let timeout = TimeAmount.seconds(30)

    let url: String
    let key: String

    /// What was answered with a status that is no success.
    struct Refusal: Error, CustomStringConvertible {
        let status: UInt
        let code: String?
        let message: String

        /// The card's bank said no, as opposed to a mistake in the request.
        var isDecline: Bool { status == 402 }
        var description: String { "the card service refuses (\(status)): \(message)" }
    }

    /// A customer as Stripe knows one.
    struct Customer: Decodable {
        let id: String
    }

    /// A card.
    struct Method: Decodable {
        struct Card: Decodable {
            let brand: String?
            let last4: String?
            let exp_month: Int?
            let exp_year: Int?
        }

        let id: String
        let card: Card?

        /// What people recognize it by: `visa •••• 4242, until 8/2030`.
        var label: String {
            guard let card, let last = card.last4 else { return "a card" }
            let end = if let month = card.exp_month, let year = card.exp_year { ", until \(month)/\(year)" } else { "" }
            return "\(card.brand ?? "card") •••• \(last)\(end)"
        }
    }

    /// The service's own page on which a customer gives it a card.
    struct Checkout: Decodable {
        let id: String
        let url: String?
        let status: String?
        let customer: String?
        let setup_intent: Setup?

        struct Setup: Decodable {
            let payment_method: String?
        }
    }

    /// A payment on its way.
    struct Intent: Decodable {
        struct Failure: Decodable {
            let message: String?
        }

        let id: String
        let status: String
        /// Cents.
        let amount: Int64
        let last_payment_error: Failure?
    }

    private struct Complaint: Decodable {
        struct Details: Decodable {
            let code: String?
            let message: String?
        }

        let error: Details
    }

    /// Sends a form. The same idempotency key never has an effect twice.
    func post<Answer: Decodable>(
        _ path: String, _ form: [(String, String)], idempotencyKey: String
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "idempotency-key", value: idempotencyKey)
        request.body = .bytes(ByteBuffer(string: form.map { "\(escaped($0))=\(escaped($1))" }.joined(separator: "&")))
        return try await send(request)
    }

    /// Asks for an object.
    func get<Answer: Decodable>(_ path: String) async throws -> Answer { try await send(HTTPClientRequest(url: url + path)) }

    private func send<Answer: Decodable>(_ request: HTTPClientRequest) async throws -> Answer {
        var request = request
        request.headers.add(name: "authorization", value: "Bearer \(key)")
        let status: UInt
        let body: ByteBuffer
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
            status = response.status.code
            body = try await response.body.collect(upTo: Self.maximumByteCount)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw BillingError(.unavailable, "the card service does not answer")
        }
        let data = Data(body.readableBytesView)
        guard (200..<300).contains(status) else {
            let complaint = try? JSONDecoder().decode(Complaint.self, from: data)
            // Anything from 500 on, and being asked to slow down, says nothing about the card.
            if status >= 500 || status == 429 { throw BillingError(.unavailable, "the card service is not available") }
            throw Refusal(
                status: status, code: complaint?.error.code, message: complaint?.error.message ?? "no reason is given")
        }
        do { return try JSONDecoder().decode(Answer.self, from: data) } catch {
            throw BillingError(.unavailable, "the card service answers something else than was asked for")
        }
    }

    private func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
