import ArgumentParser

/// What a command reads from or writes to: a place in the network, a local path, or the standard streams.
package enum Location: Hashable, Sendable {
    /// `-`: standard input for a source, standard output for a target.
    case standardStreams
    /// A file or folder of this machine, as typed; never empty.
    case local(path: String)
    /// `sj://bucket/key`.
    case remote(RemotePath)

    /// Reads a location as people type it. A local name that starts with a scheme is written `./sj:…`.
    ///
    /// - Throws: `ValidationError` that says how to write it.
    package static func parse(_ text: String) throws -> Location {
        if text == "-" { return .standardStreams }
        if text.hasPrefix(RemotePath.scheme) { return .remote(try RemotePath.parse(text)) }
        guard !text.isEmpty else { throw ValidationError("an empty location: write a path, or sj://bucket/key") }
        guard !text.unicodeScalars.contains("\0") else {
            throw ValidationError("a path cannot contain a NUL character")
        }
        if let scheme = scheme(of: text) {
            throw ValidationError(
                "\"\(text.printable)\": \(scheme) is not known here; write sj://bucket/key, or ./… for a local file")
        }
        return .local(path: text)
    }

    /// What stands before `:/`, when it looks like a scheme.
    private static func scheme(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].hasPrefix("/") else { return nil }
        let scheme = text[..<colon]
        let isScheme = scheme.count > 1 && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isScheme ? "\(scheme):" : nil
    }
}

extension Location: CustomStringConvertible {
    /// What one would type.
    package var description: String {
        switch self {
        case .standardStreams: "-"
        case .local(let path): path
        case .remote(let path): path.description
        }
    }
}
