/// Questions about keys as bytes.
enum ByteOrder {
    /// The smallest key above every key that begins with `prefix`; nil when there is none.
    static func successor(_ prefix: some Collection<UInt8>) -> [UInt8]? {
        var bytes = Array(prefix)
        while bytes.last == 0xff { bytes.removeLast() }
        guard let last = bytes.popLast() else { return nil }
        return bytes + [last + 1]
    }

    /// `key` up to and including the first `delimiter` after its first `start` bytes; nil without one.
    ///
    /// - Parameter delimiter: not empty.
    static func prefix(of key: [UInt8], through delimiter: [UInt8], after start: Int) -> [UInt8]? {
        guard start <= key.count, key.count - start >= delimiter.count else { return nil }
        for index in start...(key.count - delimiter.count)
        where key[index] == delimiter[0] && key[index..<(index + delimiter.count)].elementsEqual(delimiter) {
            return Array(key[..<(index + delimiter.count)])
        }
        return nil
    }
}
