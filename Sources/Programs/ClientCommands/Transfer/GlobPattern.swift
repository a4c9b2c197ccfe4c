/// A pattern for names, as shells know them, with `**` for any depth.
///
/// `*` stands for any run of characters without a slash, `?` for one character, `[a-z]` and `[!a-z]` for one of a set,
/// `**` for any run with slashes, `**/` for any number of folders, `\` takes the next character literally.
/// A pattern without a slash is about names at every depth (`*.log`); one with a slash, even in front, about the whole
/// relative name (`build/*.o`, `/top`). One that matches a folder covers all that is in it; one that ends in a slash is about
/// folders only.
package struct GlobPattern: Hashable, Sendable {
    /// Why a pattern cannot be used.
    package struct Malformed: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    fileprivate enum Token: Hashable, Sendable {
        case scalar(Unicode.Scalar)
        case any
        case run
        case deepRun
        case folders
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let tokens: [Token]
    private let isAnchored: Bool
    private let isForFolders: Bool

    /// Parses a pattern.
    ///
    /// - Throws: `Malformed` when it is empty or a bracket is not closed.
    package init(_ text: String) throws(Malformed) {
        var scalars = Array(text.unicodeScalars)
        isForFolders = scalars.count > 1 && scalars.last == "/"
        if isForFolders { scalars.removeLast() }
        isAnchored = scalars.contains("/")
        if scalars.first == "/" { scalars.removeFirst() }
        guard !scalars.isEmpty else { throw Malformed(description: "the pattern \"\(text)\" is empty") }
        tokens = try Self.tokens(of: scalars, text: text)
    }

    /// Whether the pattern covers a file, by its own name or by that of a folder it is in.
    package func covers(file name: RelativeName) -> Bool { covers(name, isFolder: false) }

    /// Whether the pattern covers a folder and so all that is in it.
    package func covers(folder name: RelativeName) -> Bool { covers(name, isFolder: true) }

    private func covers(_ name: RelativeName, isFolder: Bool) -> Bool {
        let components = name.components.map { Array($0.unicodeScalars) }
        let last = components.count - 1
        var path: [Unicode.Scalar] = []
        for (index, component) in components.enumerated() {
            if index > 0 { path.append("/") }
            path += component
            if isForFolders, index == last, !isFolder { return false }
            if matches(isAnchored ? path : component) { return true }
        }
        return false
    }

    /// Fills a table from the end: whether the tokens from one on match the text from a place on. Time and space are bounded
    /// by their product, whatever the pattern.
    private func matches(_ text: [Unicode.Scalar]) -> Bool {
        let count = text.count
        var after = [Bool](repeating: false, count: count + 1)
        after[count] = true
        for token in tokens.reversed() {
            var row = [Bool](repeating: false, count: count + 1)
            var isBelowFolder = false
            for place in stride(from: count, through: 0, by: -1) {
                let next = place < count ? text[place] : nil
                switch token {
                case .run:
                    row[place] = after[place] || (next != nil && next != "/" && row[place + 1])
                case .deepRun:
                    row[place] = after[place] || (next != nil && row[place + 1])
                case .folders:
                    if next == "/", after[place + 1] { isBelowFolder = true }
                    row[place] = after[place] || isBelowFolder
                default:
                    guard let next else { continue }
                    row[place] = token.matches(next) && after[place + 1]
                }
            }
            after = row
        }
        return after[0]
    }
}

extension GlobPattern {
    private static func tokens(of scalars: [Unicode.Scalar], text: String) throws(Malformed) -> [Token] {
        var tokens: [Token] = []
        var rest = scalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*" where rest.first == "*":
                rest = rest.drop { $0 == "*" }
                // Only at the start of a component does `**/` stand for folders: `a**/b` is a run and a slash.
                let startsComponent = tokens.isEmpty || tokens.last == .scalar("/") || tokens.last == .folders
                if startsComponent, rest.first == "/" {
                    rest.removeFirst()
                    tokens.append(.folders)
                } else {
                    tokens.append(.deepRun)
                }
            case "*": tokens.append(.run)
            case "?": tokens.append(.any)
            case "[": tokens.append(try set(&rest, text: text))
            case "\\": tokens.append(.scalar(rest.popFirst() ?? "\\"))
            default: tokens.append(.scalar(scalar))
            }
        }
        return tokens
    }

    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>, text: String) throws(Malformed) -> Token {
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let lower = rest.popFirst() {
            // A bracket that comes first is a member of the set, as shells have it.
            if lower == "]", !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
            if rest.first == "-", let upper = rest.dropFirst().first, upper != "]" {
                rest = rest.dropFirst(2)
                guard lower <= upper else { throw Malformed(description: "a range runs backwards in \"\(text)\"") }
                ranges.append(lower...upper)
            } else {
                ranges.append(lower...lower)
            }
        }
        throw Malformed(description: "a bracket is not closed in \"\(text)\"")
    }
}

extension GlobPattern.Token {
    fileprivate func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let expected): scalar == expected
        case .any: scalar != "/"
        case .set(let ranges, let isNegated): scalar != "/" && ranges.contains { $0.contains(scalar) } != isNegated
        case .run, .deepRun, .folders: false
        }
    }
}
