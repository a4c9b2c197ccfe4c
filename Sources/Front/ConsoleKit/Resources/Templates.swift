import Mustache

/// The compiled templates of an app.
///
/// All of them are checked at start, so that a broken one stops the program and not a visitor: the syntax, that every
/// partial exists, and that nothing but a value named `html` is put into a page as it is. Such values are `Markup`s.
struct Templates: Sendable {
    private let library: MustacheLibrary
    private let names: Set<String>

    /// - Throws: `WebResourceError` naming the template.
    init(_ resources: [WebResources]) throws {
        MustacheContentTypes.register(EscapedText(), named: Self.contentType)
        var library = MustacheLibrary()
        var texts: [String: String] = [:]
        for (name, bytes) in resources.flatMap(\.pages) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw WebResourceError(name, "is not UTF-8")
            }
            guard texts.updateValue(text, forKey: name) == nil else { throw WebResourceError(name, "is there twice") }
            do { try library.register(Self.pragma + text, named: name) } catch { throw WebResourceError(name, "\(error)") }
        }
        names = Set(texts.keys)
        for (name, text) in texts { try Self.check(name, text, names) }
        self.library = library
    }

    private static let contentType = "STORJ-HTML"
    /// Makes a template escape with `EscapedText`.
    private static let pragma = "{{% CONTENT_TYPE: \(contentType)}}"

    /// The text of a page for a model; nil when there is no such template.
    func render(_ name: String, _ model: Any) -> String? { library.render(model, withTemplate: name) }

    /// Whether there is a template of a name.
    func contains(_ name: String) -> Bool { names.contains(name) }

    private static func check(_ name: String, _ text: String, _ names: Set<String>) throws {
        for tag in tags(of: text) {
            switch tag.first {
            case ">", "<":
                let partial = tag.dropFirst().trimmed
                guard partial.hasPrefix("*") || names.contains(partial) else {
                    throw WebResourceError(name, "uses \(partial), which does not exist")
                }
            case "{", "&":
                let value = tag.dropFirst().trimmed
                guard value.split(separator: ".").last == "html" else {
                    throw WebResourceError(name, "puts \(value) into the page as it is; only a value's html may be")
                }
            default: continue
            }
        }
    }

    /// What stands between double braces.
    private static func tags(of text: String) -> [Substring] {
        text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst().compactMap { piece in
            piece.firstRange(of: "}}").map { piece[..<$0.lowerBound] }
        }
    }
}

/// Escapes by bytes. The library's own escaping goes by characters, and to it a quotation mark with an accent is none,
/// while browsers see one.
private struct EscapedText: MustacheContentType {
    func escapeText(_ text: String) -> String { HTML.escaped(text) }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
