package import Contracts
package import Logging

/// The median of what several sources say, of those that answer and are not stale: one that lies or fails moves nothing.
package struct MedianQuotes: QuoteSource {
    package let name: String
    private let sources: [any QuoteSource]
    private let staleAfter: UInt64
    private let minimumCount: Int
    private let logger: Logger

    /// The median of sources.
    ///
    /// - Parameters:
    ///   - staleAfter: seconds a quote may be older than the moment asked for.
    ///   - minimumCount: answers without which there is no price.
    package init(
        _ sources: [any QuoteSource], staleAfter: UInt64 = 300, minimumCount: Int = 1, name: String = "median",
        logger: Logger
    ) {
        self.sources = sources
        self.staleAfter = staleAfter
        self.minimumCount = max(1, minimumCount)
        self.name = name
        self.logger = logger
    }

    /// The median; of an even number the middle between the two middle ones, rounded down. Its time is the oldest one's.
    package func quote(at seconds: UInt64) async throws -> Quote? {
        let answers = await ask(seconds).filter { quote in
            quote.pair == Quote.storjUSD && Quote.plausible.contains(quote.microUSD)
                && (quote.time > seconds ? quote.time - seconds : seconds - quote.time) <= staleAfter
        }
        guard answers.count >= minimumCount, let oldest = answers.map(\.time).min() else { return nil }
        let prices = answers.map(\.microUSD).sorted()
        let upper = prices[prices.count / 2]
        let price = prices.count % 2 == 1 ? upper : (prices[prices.count / 2 - 1] + upper) / 2
        return Quote(microUSD: price, time: min(oldest, seconds), source: Quote.label(name))
    }

    private func ask(_ seconds: UInt64) async -> [Quote] {
        await withTaskGroup(of: Quote?.self) { group in
            for source in sources {
                group.addTask {
                    do { return try await source.quote(at: seconds) } catch {
                        // The others still make a price; without any there is none, which callers notice.
                        logger.warning(
                            "a source of prices failed", metadata: ["source": "\(source.name)", "error": "\(error)"])
                        return nil
                    }
                }
            }
            var quotes: [Quote] = []
            for await quote in group { if let quote { quotes.append(quote) } }
            return quotes
        }
    }
}
