/// The words and the bar that tell how far transfers are.
package enum ProgressLine {
    private static let minimumBarWidth = 10
    private static let maximumBarWidth = 40

    /// One line of at most `width` columns for a terminal, for instance
    /// `[#########-----------]  43%  440 MiB of 1 GiB  112 MiB/s  0:05 left`.
    package static func bar(_ snapshot: ProgressSnapshot, meter: RateMeter, width: Int) -> String {
        let words = words(snapshot, meter: meter)
        var line = words.joined(separator: "  ")
        let room = width - 1 - line.count - 4
        if let fraction = snapshot.fraction, room >= minimumBarWidth {
            line = graph(fraction, width: min(room, maximumBarWidth)) + "  " + line
        }
        return String(line.prefix(max(0, width - 1)))
    }

    /// The same without a bar, for logs.
    package static func plain(_ snapshot: ProgressSnapshot, meter: RateMeter) -> String {
        words(snapshot, meter: meter).joined(separator: ", ")
    }

    /// What was done, when all is over.
    package static func summary(_ snapshot: ProgressSnapshot, verb: String, elapsed: Duration) -> String {
        let seconds = elapsed / .seconds(1)
        var words = "\(verb) \(files(snapshot.filesDone))"
        // Copies within the network move nothing through here.
        if snapshot.bytesMoved > 0 { words += ", \(SizeText.human(snapshot.bytesMoved))" }
        words += " in \(time(elapsed, tenths: true))"
        if snapshot.bytesMoved > 0, seconds > 0 { words += " (\(rate(Double(snapshot.bytesMoved) / seconds)))" }
        if snapshot.bytesResumed > 0 { words += ", \(SizeText.human(snapshot.bytesResumed)) were there already" }
        if snapshot.filesFailed > 0 { words += ", \(snapshot.filesFailed) failed" }
        return words
    }

    private static func words(_ snapshot: ProgressSnapshot, meter: RateMeter) -> [String] {
        var words: [String] = []
        if let fraction = snapshot.fraction {
            // Rounded down: 100 % is only what is complete.
            let percent = String(Int(fraction * 100))
            words.append(String(repeating: " ", count: 3 - percent.count) + percent + "%")
        }
        let done = SizeText.human(snapshot.bytesDone)
        words.append(snapshot.isTotalKnown ? "\(done) of \(SizeText.human(snapshot.bytesTotal))" : done)
        if snapshot.filesTotal != 1 || !snapshot.isListingComplete {
            let total = snapshot.isListingComplete ? "\(snapshot.filesTotal)" : "\(snapshot.filesTotal)+"
            words.append("\(snapshot.filesDone) of \(total) files")
        }
        if snapshot.filesFailed > 0 { words.append("\(snapshot.filesFailed) failed") }
        if let rate = meter.rate { words.append(Self.rate(rate)) }
        if snapshot.isTotalKnown, let remaining = meter.remaining(snapshot.bytesTotal - snapshot.bytesDone) {
            words.append("\(time(remaining)) left")
        }
        return words
    }

    private static func graph(_ fraction: Double, width: Int) -> String {
        let filled = Int(fraction * Double(width))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
    }

    private static func rate(_ bytesPerSecond: Double) -> String {
        SizeText.human(Int64(min(max(0, bytesPerSecond), 1e18))) + "/s"
    }

    private static func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

    /// `0:05`, `12:30` or `1:02:03`; with `tenths` below a minute `5.2 s`.
    private static func time(_ duration: Duration, tenths: Bool = false) -> String {
        let exact = max(0, duration / .seconds(1))
        if tenths, exact < 59.95 {
            let count = Int((exact * 10).rounded())
            return "\(count / 10).\(count % 10) s"
        }
        let seconds = Int(exact.rounded(.up))
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard hours > 0 else { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }
}
