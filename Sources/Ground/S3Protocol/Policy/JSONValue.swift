import Foundation

/// A value of JSON, of whatever kind: policies say the same thing in several ways.
enum JSONValue: Decodable, Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Reads a document; nil for anything that is none.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        // Whatever is wrong with it, it is not JSON: the caller says so in its own words.
        try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// One text or several; nil for anything else.
    var texts: [String]? {
        switch self {
        case .list(let values):
            let texts = values.compactMap(\.scalarText)
            return texts.count == values.count ? texts : nil
        default: return scalarText.map { [$0] }
        }
    }

    /// A text, number or flag as text; nil for anything else.
    private var scalarText: String? {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number):
            number == number.rounded() && number.magnitude < 1e15 ? String(Int64(number)) : String(number)
        case .null, .list, .object: nil
        }
    }
}
