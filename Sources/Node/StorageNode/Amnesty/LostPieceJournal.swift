import PieceStore
import StorageModel

/// A bad piece that its satellite must learn of.
struct LostPiece: Hashable, Sendable {
    /// The satellite it belongs to.
    let satellite: NodeID
    /// The piece.
    let pieceID: PieceID
    /// What was found.
    let fault: PieceFault
}

/// The file in which bad pieces wait until their satellites know of them: records are appended, and the file is emptied
/// when none waits any more.
///
/// ```
/// record = kind(1) fault(1) zero(2) satellite(32) piece(32) check(4)
/// ```
/// Everything here blocks and runs on the pool.
struct LostPieceJournal {
    private let fileSystem: any FileSystem
    private let folder: String
    private var file: (any File)?
    private var end: Int64 = 0

    private static let name = "lost-pieces"
    private static let size = 72
    private static let faults: [PieceFault] = [.rotten, .unreadable, .lost]

    private enum Kind: UInt8 {
        case waiting = 1
        case known = 2
    }

    /// The journal in `folder`, which must exist.
    init(folder: String, fileSystem: any FileSystem) {
        self.folder = folder
        self.fileSystem = fileSystem
    }

    /// Reads what waits, in the order of its discovery; what a crash tore at the end is cut off.
    mutating func load() throws -> [LostPiece] {
        let path = "\(folder)/\(Self.name)"
        let file: any File
        do { file = try fileSystem.open(path, .update) } catch let error as PieceStoreError where error.code == .missingFile {
            file = try fileSystem.open(path, .create)
            try file.synchronize()
            try fileSystem.synchronizeFolder(folder)
        }
        self.file = file
        var waiting: [LostPiece] = []
        var known: Set<LostPiece.ID> = []
        let bytes = try file.bytes(at: 0, count: Int(try file.size()))
        end = 0
        while Int(end) + Self.size <= bytes.count,
            let (kind, piece) = Self.parse(bytes[Int(end)..<Int(end) + Self.size])
        {
            switch kind {
            case .waiting:
                known.remove(piece.id)
                waiting.append(piece)
            case .known: known.insert(piece.id)
            }
            end += Int64(Self.size)
        }
        if Int(end) < bytes.count { try file.truncate(to: end) }
        var seen: Set<LostPiece.ID> = []
        return waiting.filter { !known.contains($0.id) && seen.insert($0.id).inserted }
    }

    /// Notes bad pieces, durably.
    mutating func add(_ pieces: [LostPiece]) throws { try append(pieces, .waiting) }

    /// Notes that satellites know of pieces, durably: a piece that has been repaired must not be reported again.
    ///
    /// - Parameter isLast: whether nothing waits any more, so that the file can be emptied.
    mutating func remove(_ pieces: [LostPiece], isLast: Bool) throws {
        if isLast, let file {
            try file.truncate(to: 0)
            try file.synchronize()
            end = 0
        } else {
            try append(pieces, .known)
        }
    }

    private mutating func append(_ pieces: [LostPiece], _ kind: Kind) throws {
        guard let file else { throw PieceStoreError(.closed, "the list of lost pieces is not open") }
        let bytes = pieces.flatMap { Self.encode($0, kind) }
        do {
            try bytes.withUnsafeBytes { try file.writeAll($0, at: end) }
            try file.synchronize()
        } catch {
            // What stays behind the end is overwritten by the next record, or cut off at the next start.
            try? file.truncate(to: end)
            throw error
        }
        end += Int64(bytes.count)
    }

    private static func encode(_ piece: LostPiece, _ kind: Kind) -> [UInt8] {
        var bytes = [kind.rawValue, UInt8(faults.firstIndex(of: piece.fault) ?? 0), 0, 0]
        bytes += piece.satellite.bytes + piece.pieceID.bytes
        let check = CRC32.checksum(bytes)
        return bytes + [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: check >> $0) }
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) -> (Kind, LostPiece)? {
        let bytes = Array(bytes)
        let check = bytes[68...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard check == CRC32.checksum(bytes[..<68]), let kind = Kind(rawValue: bytes[0]),
            faults.indices.contains(Int(bytes[1])), let satellite = NodeID(Array(bytes[4..<36])),
            let pieceID = PieceID(Array(bytes[36..<68]))
        else { return nil }
        return (kind, LostPiece(satellite: satellite, pieceID: pieceID, fault: faults[Int(bytes[1])]))
    }
}

extension LostPiece {
    /// What a piece is known by.
    struct ID: Hashable, Sendable {
        let satellite: NodeID
        let pieceID: PieceID
    }

    var id: ID { ID(satellite: satellite, pieceID: pieceID) }
}
