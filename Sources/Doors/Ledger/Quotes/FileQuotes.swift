package import Contracts
import Foundation

/// Prices from a text file that an operator or another program keeps: a line for each, `<seconds since 1970> <dollars>`.
///
///     # STORJ in dollars
///     1767225600 0.2517
///     1767225660 0.2520
///
/// The file is read anew each time, so it can be replaced while the program runs.
package struct FileQuotes: QuoteSource {
    /// Bytes a file may have.
    private static let maximumByteCount = 16 << 20

    package let name: String
    private let path: String
    private let staleAfter: UInt64

    /// Prices from a file.
    ///
    /// - Parameter staleAfter: seconds for which a line counts.
    package init(path: String, staleAfter: UInt64 = 300, name: String = "file") {
        self.path = path
        self.staleAfter = staleAfter
        self.name = name
    }

    /// The newest line that is not after the moment and not stale.
    package func quote(at seconds: UInt64) async throws -> Quote? {
        var newest: (time: UInt64, microUSD: UInt64)?
        for (number, line) in try text().split(whereSeparator: \.isNewline).enumerated() where !line.hasPrefix("#") {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count == 2, let time = UInt64(fields[0]), let price = Quote.parse(price: fields[1]) else {
                throw QuoteError.malformed(source: name, reason: "line \(number + 1) is not a time and a price")
            }
            if time <= seconds, time >= newest?.time ?? 0 { newest = (time, price) }
        }
        guard let newest, seconds - newest.time <= staleAfter else { return nil }
        return Quote(microUSD: newest.microUSD, time: newest.time, source: Quote.label(name))
    }

    private func text() throws -> String {
        do {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            guard bytes.count <= Self.maximumByteCount else {
                throw QuoteError.malformed(source: name, reason: "the file has more than \(Self.maximumByteCount) bytes")
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as QuoteError {
            throw error
        } catch {
            throw QuoteError.unreachable(source: name, reason: "the file cannot be read")
        }
    }
}
