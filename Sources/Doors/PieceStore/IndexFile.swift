import StorageModel

/// The index on the disk: a header, then records in the order in which they came true.
///
/// Appends are not synchronized: what a crash takes is found again at the ends of the logs, because the records of
/// a log stand here in the order of its entries, and only a tail can be lost. Facts that the logs do not hold, and
/// whose loss could lose a piece, are synchronized by those who append them.
struct IndexFile {
    private var file: any File
    private let fileSystem: any FileSystem
    private let folder: String
    /// Bytes of the file that hold.
    private(set) var end: Int64
    /// How many records there are, superseded ones included.
    var recordCount: Int { Int(end - Int64(Self.headerSize)) / IndexRecord.size }
    /// True when a failed append may have left bytes behind the end: they must go before anything is appended.
    private var isBroken = false

    static let name = "index"
    private static let temporaryName = "index.new"
    private static let header: [UInt8] = {
        var header = ByteWriter()
        header.append(Array("STORJIX1".utf8))
        header.pad(toMultipleOf: headerSize)
        return header.bytes
    }()
    private static let headerSize = 64
    private static let recordsPerRead = 4096

    /// What was found when an index was opened.
    enum Condition: Hashable {
        /// Every byte was read.
        case whole
        /// There was no index.
        case missing
        /// The header was not that of an index.
        case foreign
        /// This many bytes at the end were unreadable and were cut off.
        case cut(Int64)
    }

    /// Opens or makes the index of a folder, calling `apply` for every record.
    static func open(
        folder: String, fileSystem: any FileSystem, apply: (IndexRecord) -> Void
    ) throws -> (IndexFile, Condition) {
        let names = try fileSystem.list(folder)
        if names.contains(temporaryName) { try fileSystem.remove("\(folder)/\(temporaryName)") }
        guard names.contains(name) else {
            return (try create(folder: folder, fileSystem: fileSystem, name: name), .missing)
        }
        let file = try fileSystem.open("\(folder)/\(name)", .update)
        guard try file.bytes(at: 0, count: headerSize) == header else {
            var fresh = try create(folder: folder, fileSystem: fileSystem, name: temporaryName)
            try fresh.takePlace()
            return (fresh, .foreign)
        }
        var index = IndexFile(file: file, fileSystem: fileSystem, folder: folder, end: Int64(headerSize))
        let size = try file.size()
        try index.load(apply: apply)
        if index.end == size { return (index, .whole) }
        try file.truncate(to: index.end)
        return (index, .cut(size - index.end))
    }

    private static func create(folder: String, fileSystem: any FileSystem, name: String) throws -> IndexFile {
        let file = try fileSystem.open("\(folder)/\(name)", .create)
        try header.withUnsafeBytes { try file.writeAll($0, at: 0) }
        try file.synchronize()
        try fileSystem.synchronizeFolder(folder)
        return IndexFile(file: file, fileSystem: fileSystem, folder: folder, end: Int64(headerSize))
    }

    private init(file: any File, fileSystem: any FileSystem, folder: String, end: Int64) {
        self.file = file
        self.fileSystem = fileSystem
        self.folder = folder
        self.end = end
    }

    private mutating func load(apply: (IndexRecord) -> Void) throws {
        while true {
            let bytes = try file.bytes(at: end, count: Self.recordsPerRead * IndexRecord.size)
            let wholeCount = bytes.withUnsafeBytes { bytes in
                var position = 0
                while let record = IndexRecord(parsing: UnsafeRawBufferPointer(rebasing: bytes[position...])) {
                    apply(record)
                    position += IndexRecord.size
                }
                return position
            }
            end += Int64(wholeCount)
            if wholeCount < Self.recordsPerRead * IndexRecord.size { return }
        }
    }

    /// Appends records; on failure the file is as before.
    mutating func append(_ records: [IndexRecord]) throws {
        if isBroken {
            try file.truncate(to: end)
            isBroken = false
        }
        let size = records.count * IndexRecord.size
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            for (index, record) in records.enumerated() {
                record.encode(into: UnsafeMutableRawBufferPointer(rebasing: memory[(index * IndexRecord.size)...]))
            }
            count = size
        }
        do {
            try bytes.withUnsafeBytes { try file.writeAll($0, at: end) }
        } catch {
            // Records left behind the end would come true when later ones are written before them.
            do { try file.truncate(to: end) } catch { isBroken = true }
            throw error
        }
        end += Int64(size)
    }

    /// Makes everything appended so far durable.
    func synchronize() throws { try file.synchronize() }

    // MARK: Rewriting

    /// A new index beside this one, to be filled and put in its place.
    func makeSuccessor() throws -> IndexFile {
        try? fileSystem.remove("\(folder)/\(Self.temporaryName)")  // Usually there is none.
        return try Self.create(folder: folder, fileSystem: fileSystem, name: Self.temporaryName)
    }

    /// Reads records that were appended before `limit`, starting at record number `start`.
    func records(from start: Int, limit: Int) throws -> [IndexRecord] {
        let count = min(limit - start, Self.recordsPerRead)
        let offset = Int64(Self.headerSize) + Int64(start) * Int64(IndexRecord.size)
        let bytes = try file.bytes(at: offset, count: count * IndexRecord.size)
        return try bytes.withUnsafeBytes { bytes in
            try stride(from: 0, to: bytes.count, by: IndexRecord.size).map { position in
                guard let record = IndexRecord(parsing: UnsafeRawBufferPointer(rebasing: bytes[position...])) else {
                    throw PieceStoreError(.corrupt, "the index in \(folder) has an unreadable record")
                }
                return record
            }
        }
    }

    /// Puts this successor in the place of the index, for good.
    mutating func takePlace() throws {
        try file.synchronize()
        try fileSystem.rename("\(folder)/\(Self.temporaryName)", to: "\(folder)/\(Self.name)")
        try fileSystem.synchronizeFolder(folder)
    }
}
