import Chores
import Contracts
import Installation
import Ledger
import Logging
import StorageModel

/// Where a program learns what a STORJ is worth, as its settings say.
struct QuoteChoice {
    private let sources: [any QuoteSource]
    /// Seconds after which a price is none.
    let staleAfter: UInt64
    private let logger: Logger

    /// Reads `quotes.sources`.
    ///
    /// - Throws: `SettingsError.badValue` that names the source nobody understands.
    init(_ values: SettingsValues, logger: Logger) throws {
        let staleAfter = UInt64(clamping: values.duration("quotes.stale_after").components.seconds)
        self.staleAfter = staleAfter
        self.logger = logger
        sources = try values.text("quotes.sources").split(separator: ",").map { part in
            let text = part.trimming(while: { $0 == " " })
            guard let source = Self.source(text, staleAfter: staleAfter) else {
                throw SettingsError.badValue(
                    key: "quotes.sources", text: text, origin: values.origin("quotes.sources"),
                    expected: "fixed:DOLLARS, file:PATH or http://…#path.to.the.price")
            }
            return source
        }
    }

    private static func source(_ text: String, staleAfter: UInt64) -> (any QuoteSource)? {
        if text.hasPrefix("fixed:") {
            guard let dollars = USDAmount(String(text.dropFirst(6))), dollars.micro > 0 else { return nil }
            return FixedQuotes(microUSD: UInt64(dollars.micro))
        }
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst(5))
            return path.isEmpty ? nil : FileQuotes(path: path, staleAfter: staleAfter)
        }
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return nil }
        let parts = text.split(separator: "#", maxSplits: 1)
        return HTTPQuotes(
            url: String(parts[0]), path: parts.count == 2 ? parts[1].split(separator: ".").map(String.init) : [],
            staleAfter: staleAfter, clock: .system, name: String(parts[0]))
    }

    /// The median of the sources; without any there is no price, and nothing is guessed.
    func makeSource() -> any QuoteSource { MedianQuotes(sources, staleAfter: staleAfter, logger: logger) }
}

extension Substring {
    fileprivate func trimming(while isSpare: (Character) -> Bool) -> String {
        String(drop(while: isSpare).reversed().drop(while: isSpare).reversed())
    }
}
