import AsyncHTTPClient
package import Contracts
import Foundation
import NIOCore
import NIOHTTP1
package import StorageModel

/// The current price from a web address that answers in JSON, for instance `{"data":{"amount":"0.2517"}}`.
///
/// It knows the present only: moments further away than `staleAfter` get no answer. `QuoteBook` remembers the past.
package struct HTTPQuotes: QuoteSource {
    /// Bytes an answer may have.
    private static let maximumByteCount = 1 << 20

    package let name: String
    private let url: String
    private let path: [String]
    private let staleAfter: UInt64
    private let timeout: Duration
    private let clock: WallClock

    /// Prices from a web address.
    ///
    /// - Parameters:
    ///   - path: from the answer's outermost object to the price, a number or a text: names of members, or places in lists.
    ///   - staleAfter: seconds a moment may be away from now.
    package init(
        url: String, path: [String], staleAfter: UInt64 = 300, timeout: Duration = .seconds(10), clock: WallClock,
        name: String
    ) {
        self.url = url
        self.path = path
        self.staleAfter = staleAfter
        self.timeout = timeout
        self.clock = clock
        self.name = name
    }

    package func quote(at seconds: UInt64) async throws -> Quote? {
        let now = UInt64(clamping: clock.now().seconds)
        guard max(now, seconds) - min(now, seconds) <= staleAfter else { return nil }
        let answer = try await fetch()
        guard let text = answer.value(at: path[...])?.text, let price = Quote.parse(price: text) else {
            throw QuoteError.malformed(source: name, reason: "no price at \(path.joined(separator: "."))")
        }
        return Quote(microUSD: price, time: now, source: Quote.label(name))
    }

    private func fetch() async throws -> QuoteAnswer {
        let body: ByteBuffer
        do {
            let deadline = NIODeadline.now() + TimeAmount(timeout)
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), deadline: deadline)
            guard response.status == .ok else {
                throw QuoteError.unreachable(source: name, reason: "status \(response.status.code)")
            }
            body = try await response.body.collect(upTo: Self.maximumByteCount)
        } catch let error as QuoteError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw QuoteError.unreachable(source: name, reason: "\(error)")
        }
        do { return try JSONDecoder().decode(QuoteAnswer.self, from: Data(body.readableBytesView)) } catch {
            throw QuoteError.malformed(source: name, reason: "the answer is not JSON")
        }
    }
}

/// Any JSON. Numbers are decimal ones: a price never passes through binary floating point.
private indirect enum QuoteAnswer: Decodable {
    case text(String)
    case object([String: QuoteAnswer])
    case list([QuoteAnswer])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let object = try? container.decode([String: QuoteAnswer].self) {
            self = .object(object)
        } else if let list = try? container.decode([QuoteAnswer].self) {
            self = .list(list)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Decimal.self) {
            self = .text(number.description)
        } else {
            // True, false and null are no prices.
            self = .other
        }
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    func value(at path: ArraySlice<String>) -> QuoteAnswer? {
        guard let first = path.first else { return self }
        switch self {
        case .object(let members): return members[first]?.value(at: path.dropFirst())
        case .list(let items):
            guard let index = Int(first), items.indices.contains(index) else { return nil }
            return items[index].value(at: path.dropFirst())
        case .text, .other: return nil
        }
    }
}
