/// Something to store.
package struct DirectSource: Sendable {
    /// What the customer will call it.
    package var name: String
    /// Its bytes.
    package var size: Int64
    /// Reads a range of them, wholly.
    package var read: @Sendable (Range<Int64>) async throws -> [UInt8]

    /// Something whose size is known.
    package init(name: String, size: Int64, read: @escaping @Sendable (Range<Int64>) async throws -> [UInt8]) {
        self.name = name
        self.size = size
        self.read = read
    }

    /// Bytes in memory.
    package init(name: String, bytes: [UInt8]) {
        self.init(name: name, size: Int64(bytes.count)) { Array(bytes[Int($0.lowerBound)..<Int($0.upperBound)]) }
    }
}
