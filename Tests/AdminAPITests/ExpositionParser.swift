/// Reads the text form of Prometheus as strictly as its description allows, to judge what we write.
struct ExpositionParser {
    struct Family {
        let kind: String
        let help: String
        var samples: [[String: String]: Double] = [:]
    }

    struct Mistake: Error, CustomStringConvertible {
        let line: Int
        let description: String
    }

    private(set) var families: [String: Family] = [:]

    init(_ text: String) throws {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Mistake(line: 0, description: "the last line is not ended") }
        var help: (name: String, text: String)?
        var current: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated() {
            func fail(_ reason: String) -> Mistake { Mistake(line: index + 1, description: "\(reason): \(line)") }
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard parts.count == 2, Self.isName(parts[0]) else { throw fail("bad HELP") }
                guard help == nil, families[String(parts[0])] == nil else { throw fail("a second HELP") }
                help = (String(parts[0]), try Self.unescape(parts[1], quoted: false) ?? { throw fail("bad escape") }())
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false)
                guard parts.count == 2, let told = help, told.name == parts[0] else { throw fail("TYPE without HELP") }
                guard ["counter", "gauge", "histogram", "summary", "untyped"].contains(parts[1]) else { throw fail("bad TYPE") }
                families[told.name] = Family(kind: String(parts[1]), help: told.text)
                (help, current) = (nil, told.name)
            } else {
                guard help == nil, let name = current else { throw fail("a figure without TYPE") }
                let (found, labels, value) = try Self.sample(line) ?? { throw fail("bad figure") }()
                guard found == name else { throw fail("a figure of another family") }
                guard families[name]?.samples.updateValue(value, forKey: labels) == nil else { throw fail("told twice") }
            }
        }
        if help != nil { throw Mistake(line: 0, description: "HELP at the end") }
    }

    private static func isName(_ text: Substring) -> Bool {
        text.wholeMatch(of: #/[a-zA-Z_:][a-zA-Z0-9_:]*/#) != nil
    }

    private static func sample(_ line: Substring) throws -> (String, [String: String], Double)? {
        guard let match = line.wholeMatch(of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)/#) else { return nil }
        var labels: [String: String] = [:]
        if let list = match.2 {
            var rest = list.dropFirst().dropLast()
            while !rest.isEmpty {
                guard let label = rest.prefixMatch(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/#),
                    !label.1.hasPrefix("__"), let value = try unescape(label.2, quoted: true),
                    labels.updateValue(value, forKey: String(label.1)) == nil
                else { return nil }
                rest = rest[label.range.upperBound...]
            }
        }
        switch match.3 {
        case "NaN": return (String(match.1), labels, .nan)
        case "+Inf": return (String(match.1), labels, .infinity)
        case "-Inf": return (String(match.1), labels, -.infinity)
        default: return Double(match.3).map { (String(match.1), labels, $0) }
        }
    }

    private static func unescape(_ text: Substring, quoted: Bool) throws -> String? {
        var result = ""
        var isEscape = false
        for character in text {
            if isEscape {
                switch character {
                case "\\": result.append("\\")
                case "n": result.append("\n")
                case "\"" where quoted: result.append("\"")
                default: return nil
                }
                isEscape = false
            } else if character == "\\" {
                isEscape = true
            } else {
                result.append(character)
            }
        }
        return isEscape ? nil : result
    }
}
