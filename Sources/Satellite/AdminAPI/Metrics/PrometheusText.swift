/// Figures in the text form that Prometheus and many others read.
///
/// - Source: the Prometheus documentation, "Exposition formats", text format 0.0.4.
package struct PrometheusText: Sendable {
    /// What `Content-Type` says of the text.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// How a figure changes.
    package enum Kind: String, Sendable {
        /// Only grows, until the program starts again.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One figure of a family.
    package struct Sample: Sendable {
        let labels: [(name: String, value: String)]
        let value: Double

        /// A figure; the labels tell it from others of its family.
        package init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
            self.value = value
            self.labels = labels.map { ($0.key, $0.value) }
        }
    }

    /// All families so far, each line ended.
    package private(set) var text = ""
    private var names: Set<String> = []

    /// No figures.
    package init() {}

    /// Adds the figures of one name; none of them leave it out.
    ///
    /// - Parameters:
    ///   - name: letters, digits and underscores, different from all before.
    ///   - samples: label names like names, different label values.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        precondition(Self.isName(name) && names.insert(name).inserted, "names are valid and given once")
        if samples.isEmpty { return }
        text += "# HELP \(name) \(Self.escaped(help, isQuoted: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { label in
                precondition(Self.isName(label.name) && !label.name.hasPrefix("__"), "label names are valid")
                return "\(label.name)=\"\(Self.escaped(label.value, isQuoted: true))\""
            }
            let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(list) \(Self.number(sample.value))\n"
        }
    }

    /// Adds one figure without labels; nil leaves it out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
        add(name, kind, help, value.map { [Sample($0)] } ?? [])
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func escaped(_ text: String, isQuoted: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where isQuoted: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }
}
