import StorageModel

extension Statement {
    /// What is wrong inside a statement, or between it and the one before.
    package enum Objection: Hashable, Sendable, CustomStringConvertible {
        /// It settles time that the last one settled, or ends before it begins.
        case time
        /// It does not name the statement before it.
        case previous
        /// Storage is paid without a passed heartbeat, or a passed one is not paid: its bytes over the settled time.
        case storage
        /// Lines out of order, twice, or without bytes.
        case lines
        /// Hours out of order, or paid before.
        case hours
        /// A price in dollars without a quote, or a quote where none belongs.
        case quote
        /// A line earns another amount.
        case amount(ServiceKind, expected: TokenAmount?)
        /// The sums are others.
        case sum

        package var description: String {
            switch self {
            case .time: "the time does not follow on the last statement"
            case .previous: "the statement before is another one"
            case .storage: "the storage is not what the heartbeat proved"
            case .lines: "the lines are out of order"
            case .hours: "an hour of settled orders is out of order or paid twice"
            case .quote: "the quote does not fit the prices"
            case .amount(let kind, let expected):
                "\(kind.name) earns \(expected.map { "\($0)" } ?? "more than there can be")"
            case .sum: "the sums do not add up"
            }
        }
    }

    /// Checks everything that needs nothing but the statement and the one before it. What both sides know on their own,
    /// the sheet, the bytes, the settled orders and the quote, is compared elsewhere.
    ///
    /// - Parameters:
    ///   - last: the farmer's last statement of this payer; nil for the first.
    ///   - scale: what a second counts for: 1, and more where the payer's manifest says so.
    package func objection(after last: Statement?, scale: UInt64 = 1) -> Objection? {
        guard from <= until, last.map({ $0.until <= from && $0.period < period }) ?? true else { return .time }
        guard previous == last?.digest ?? Bytes32() else { return .previous }
        guard zip(hours, hours.dropFirst()).allSatisfy({ $0 < $1 }), hours.count <= Self.maximumHourCount else {
            return .hours
        }
        guard zip(lines, lines.dropFirst()).allSatisfy({ $0.kind.rawValue < $1.kind.rawValue }),
            lines.allSatisfy({ $0.bytes > 0 })
        else { return .lines }
        guard isStorageProven(scale) else { return .storage }
        guard (denomination == .microUSD) == (quote != nil), let pay = Pay(denomination, quote: quote) else { return .quote }
        for line in lines {
            let expected = pay.earned(line.kind, price: line.price, bytes: line.bytes, seconds: line.seconds)
            guard expected == line.amount else { return .amount(line.kind, expected: expected) }
        }
        let before = last.map { $0.channel == channel ? $0.cumulative : nil } ?? .zero
        return isSummedUp(before) ? nil : .sum
    }

    /// The storage a passed heartbeat pays for: the committed bytes over the settled time; nil when nothing is due.
    private func provenStorage(_ scale: UInt64) -> (bytes: UInt64, seconds: UInt64)? {
        let (seconds, overflow) = (until - from).multipliedReportingOverflow(by: scale)
        guard let heartbeat, heartbeat.outcome == .passed, heartbeat.byteCount > 0, seconds > 0, !overflow else {
            return nil
        }
        return (heartbeat.byteCount, seconds)
    }

    private func isStorageProven(_ scale: UInt64) -> Bool {
        let line = line(.storage)
        guard let proven = provenStorage(scale) else { return line == nil }
        return line?.bytes == proven.bytes && line?.seconds == proven.seconds
    }

    /// - Parameter before: what was due before; nil when a new channel begins to count.
    private func isSummedUp(_ before: TokenAmount?) -> Bool {
        var sum = TokenAmount.zero
        for line in lines {
            guard let next = sum.adding(line.amount) else { return false }
            sum = next
        }
        guard let kept = sum.subtracting(held), let paid = kept.adding(disposed), paid == amount else { return false }
        return before.map { $0.adding(amount) == cumulative } ?? (cumulative >= amount)
    }
}
