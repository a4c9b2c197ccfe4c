/// A text in which `*` stands for any characters and `?` for any one.
package struct WildcardPattern: Hashable, Sendable {
    package let text: String
    private let bytes: [UInt8]

    /// - Parameter ignoringCase: whether letters A to Z count as those from a to z.
    package init(_ text: String, ignoringCase: Bool = false) {
        self.text = text
        bytes = Array((ignoringCase ? text.lowercased() : text).utf8)
    }

    /// Whether a text is meant; in lower case where case is ignored. Its time is at most the product of both lengths.
    package func matches(_ candidate: String) -> Bool { matches(Array(candidate.utf8)) }

    private func matches(_ candidate: [UInt8]) -> Bool {
        var (index, place) = (0, 0)
        // Where to go on when what follows the last `*` does not fit: the `*` takes one more byte.
        var retry: (index: Int, place: Int)?
        while place < candidate.count {
            if index < bytes.count, bytes[index] == UInt8(ascii: "*") {
                retry = (index, place)
                index += 1
            } else if index < bytes.count, bytes[index] == UInt8(ascii: "?") || bytes[index] == candidate[place] {
                index += 1
                place += 1
            } else if let last = retry {
                retry = (last.index, last.place + 1)
                (index, place) = (last.index + 1, last.place + 1)
            } else {
                return false
            }
        }
        return bytes[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
