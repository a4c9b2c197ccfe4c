/// The rule by which the keys of a bucket become names of local files.
///
/// Whoever may write to a bucket chooses its keys. None of them may name a file outside the folder that the user gave, and no
/// two may name the same file.
package enum SafeName {
    /// Why a key is no name for a local file.
    package struct Refusal: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The longest name of one file or folder, in bytes, on the file systems in use.
    private static let maximumComponentSize = 255

    /// The path of the file for a name below a folder.
    ///
    /// - Throws: `Refusal` for names with `.`, `..` or empty parts (also those that start or end with a slash), with NUL, with
    ///   parts of more than 255 bytes, and for the empty name.
    package static func path(of name: RelativeName, below folder: String) throws(Refusal) -> String {
        try check(name)
        if folder.isEmpty { return name.text }
        return folder.utf8.last == UInt8(ascii: "/") ? folder + name.text : folder + "/" + name.text
    }

    /// Checks that a name stays below the folder it is put under.
    package static func check(_ name: RelativeName) throws(Refusal) {
        for component in name.components {
            switch component {
            case "": throw Refusal(description: "it has an empty part, which no file name has")
            case ".", "..": throw Refusal(description: "it has the part \"\(component)\", which would leave the folder")
            default: break
            }
            if component.utf8.contains(0) { throw Refusal(description: "it has a NUL byte, which no file name has") }
            if component.utf8.count > maximumComponentSize {
                throw Refusal(description: "one of its parts is longer than \(maximumComponentSize) bytes")
            }
        }
    }
}
