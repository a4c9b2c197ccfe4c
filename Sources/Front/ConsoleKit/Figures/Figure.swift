package import StorageModel

/// A value with its unit as people read it, the exact one behind it, and how it came about (`{{{used.html}}}`).
package struct Figure: Sendable, Hashable {
    /// "1.23 TB".
    package let text: String
    /// "1,234,567,890,123 bytes"; nil where `text` says it all.
    package let exact: String?
    /// How the value is computed: whole sentences; nil for none.
    package let how: String?
    /// The figure in a page: with `how`, a button whose tooltip says it.
    package let html: String

    /// A value in words of its own.
    package static func text(_ text: String, exact: String? = nil, how: String? = nil) -> Figure {
        Figure(text, exact: exact, how: how)
    }

    /// Bytes in decimal units, as disks are sold: 1.23 TB.
    package static func bytes(_ count: Int64, how: String? = nil) -> Figure {
        Figure(
            Scaled.bytes(count), exact: count.magnitude < 1000 ? nil : "\(Numerals.grouped(count)) bytes", how: how)
    }

    /// Bytes in a second: 1.2 MB/s.
    package static func rate(_ bytesPerSecond: Int64, how: String? = nil) -> Figure {
        Figure("\(Scaled.bytes(bytesPerSecond))/s", exact: nil, how: how)
    }

    /// How many: 12,345.
    package static func count(_ count: Int64, how: String? = nil) -> Figure {
        Figure(Numerals.grouped(count), exact: nil, how: how)
    }

    /// How many: 12,345.
    package static func count(_ count: Int, how: String? = nil) -> Figure { .count(Int64(count), how: how) }

    /// A share of a whole, in `0...1`: 99.95 %.
    package static func percent(_ share: Double, how: String? = nil) -> Figure {
        Figure(Numerals.percent(share), exact: nil, how: how)
    }

    /// Dollars, from millionths of one: $12.34; sums below a cent keep their digits.
    package static func money(microdollars: Int64, how: String? = nil) -> Figure {
        let exact = "$\(Numerals.decimal(microdollars, scale: 6, digits: 6))"
        let isSmall = microdollars != 0 && microdollars.magnitude < 10_000
        let text = "$\(Numerals.decimal(microdollars, scale: 6, digits: isSmall ? 6 : 2))"
        return Figure(text.replacing("$-", with: "-$"), exact: text == exact ? nil : exact.replacing("$-", with: "-$"), how: how)
    }

    /// STORJ, from base units of 10^-8: 12.5 STORJ.
    package static func token(baseUnits: Int64, how: String? = nil) -> Figure {
        let exact = Numerals.trimmed(Numerals.decimal(baseUnits, scale: 8, digits: 8))
        let digits = baseUnits.magnitude >= 100_000_000 ? 2 : 8
        let text = Numerals.trimmed(Numerals.decimal(baseUnits, scale: 8, digits: digits))
        return Figure("\(text) STORJ", exact: text == exact ? nil : "\(exact) STORJ", how: how)
    }

    /// A length of time: 3 d 4 h.
    package static func duration(_ duration: Duration, how: String? = nil) -> Figure {
        let seconds = duration.components.seconds
        return Figure(Scaled.duration(seconds), exact: "\(Numerals.grouped(seconds)) seconds", how: how)
    }

    /// A moment: in UTC from the server, in the visitor's own time by script.
    package static func time(_ moment: Timestamp, how: String? = nil) -> Figure {
        let civil = CivilTime(moment)
        let time = "<time datetime=\"\(civil.rfc3339)\" data-local>\(civil.text)</time>"
        return Figure(civil.text, exact: nil, how: how, inner: time)
    }

    /// A day: 23 Nov 2026.
    package static func day(_ moment: Timestamp, how: String? = nil) -> Figure {
        let civil = CivilTime(moment)
        return Figure(
            civil.day, exact: nil, how: how, inner: "<time datetime=\"\(civil.rfc3339.prefix(10))\">\(civil.day)</time>")
    }

    /// A period of heartbeats by its number: the second in which it began, or, in trials that count, the number itself.
    package static func period(_ number: UInt64) -> Figure {
        let how = "Period \(number): a satellite names it by the second in which it began."
        guard number >= 1_000_000_000, let began = Timestamp(seconds: Int64(clamping: number), nanoseconds: 0) else {
            return Figure("\(number)", exact: nil, how: nil)
        }
        return .time(began, how: how)
    }

    /// A moment as seen from now: 5 min ago, in 3 d.
    package static func ago(_ moment: Timestamp, now: Timestamp, how: String? = nil) -> Figure {
        let civil = CivilTime(moment)
        let seconds = now.duration(since: moment).components.seconds
        let span = Scaled.duration(abs(seconds))
        let text = abs(seconds) < 5 ? "now" : seconds > 0 ? "\(span) ago" : "in \(span)"
        let time = "<time datetime=\"\(civil.rfc3339)\" title=\"\(civil.text)\" data-ago>\(text)</time>"
        return Figure(text, exact: nil, how: how, inner: time)
    }

    /// Nothing to show, with the reason.
    package static func none(_ reason: String? = nil) -> Figure { Figure("–", exact: nil, how: reason) }

    private init(_ text: String, exact: String?, how: String?, inner: String? = nil) {
        self.text = text
        self.exact = exact
        self.how = how
        let content = inner ?? HTML.escaped(text)
        if let how {
            let detail = [exact.map { "<b>\(HTML.escaped($0))</b>" }, HTML.escaped(how)].compactMap(\.self)
            html = """
                <button type="button" class="figure explained">\(content)<span class="tip"><span \
                class="visually-hidden">: </span>\(detail.joined(separator: "<br>"))</span></button>
                """
        } else if let exact {
            html = "<span class=\"figure\" title=\"\(HTML.escaped(exact))\">\(content)</span>"
        } else {
            html = inner == nil ? "<span class=\"figure\">\(content)</span>" : content
        }
    }

    /// A word with its explanation, for headers of columns.
    package static func term(_ word: String, how: String) -> Figure { Figure(word, exact: nil, how: how) }
}
