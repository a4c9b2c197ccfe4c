import Contracts
import DRPC
import Database
import Foundation
import StorageModel
import WireMessages

/// Hands out what the satellite publishes about money: statements and payout roots from the books, the rest from a
/// folder.
struct PublishedFiles: Sendable {
    /// Bytes of one part of a file.
    private static let partSize = 256 << 10
    /// Names in one answer.
    private static let maximumCount = 10_000
    /// Bytes of a name.
    private static let maximumNameSize = 256

    let database: Database
    let folder: String

    func register(in router: inout RPCRouter) {
        router.unary(MarketMethods.listFiles) { request, _ in
            guard request.prefix.utf8.count <= Self.maximumNameSize else {
                throw RPCStatusError(.invalidArgument, "a prefix has at most \(Self.maximumNameSize) bytes")
            }
            var response = Market_ListFilesResponse()
            response.names = try await names(request.prefix)
            return response
        }
        router.stream(MarketMethods.getFile) { stream, _ in
            guard let request = try await stream.receive() else { return }
            guard let bytes = try await read(request.name) else {
                throw RPCStatusError(.notFound, "no file \(request.name.prefix(Self.maximumNameSize))")
            }
            for start in stride(from: 0, to: bytes.count, by: Self.partSize) {
                var part = Market_FilePart()
                part.content = Data(bytes[start..<min(start + Self.partSize, bytes.count)])
                try await stream.send(part)
            }
        }
    }

    /// The name of a statement.
    static func statement(_ node: NodeID, period: UInt64) -> String { "statements/\(period)/\(node).bin" }
    /// The name of a payout root's file.
    static func payout(period: UInt64) -> String { "payouts/\(period).bin" }
    /// The name of the manifest.
    static let manifest = "manifest.bin"

    /// Names that begin with a prefix, in their order, as many as fit in an answer.
    func names(_ prefix: String) async throws -> [String] {
        let stored = try await Self.stored(in: folder)
        let booked = try await database.read { session in
            var names = try session.query(
                "SELECT period FROM market_payments WHERE payout_file IS NOT NULL ORDER BY period DESC LIMIT ?1",
                [SQLValue(Self.maximumCount)]
            ) { Self.payout(period: UInt64(clamping: $0.integer(0))) }
            let period = Self.period(of: prefix)
            names += try session.query(
                """
                SELECT node, period FROM market_statements WHERE ?1 < 0 OR period = ?1
                ORDER BY period DESC, node LIMIT ?2
                """, [.integer(period), SQLValue(Self.maximumCount)]
            ) { Self.statement(try $0.id(0, as: NodeID.self), period: UInt64(clamping: $0.integer(1))) }
            return names
        }
        return Array(Set(stored + booked).filter { $0.hasPrefix(prefix) }.sorted().prefix(Self.maximumCount))
    }

    /// The period that a prefix of statements names; −1 for none.
    private static func period(of prefix: String) -> Int64 {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "statements", let period = Int64(parts[1]) else { return -1 }
        return period
    }

    /// A file's bytes; nil when there is none of that name.
    func read(_ name: String) async throws -> [UInt8]? {
        guard Self.isProper(name) else { return nil }
        let parts = name.dropLast(4).split(separator: "/")
        if parts.count == 3, parts[0] == "statements", let period = UInt64(parts[1]) {
            // A text that names no node names no statement.
            guard let node = try? NodeID(text: String(parts[2])) else { return nil }
            return try await database.read { try StatementRecord.fetch(node, period: period, in: $0)?.signed.encoded }
        }
        if parts.count == 2, parts[0] == "payouts", let period = UInt64(parts[1]) {
            return try await database.read { try PaymentRecord.fetch(period, in: $0)?.file?.encoded }
        }
        return try await Self.readStored("\(folder)/\(name)")
    }

    /// Whether a name has a form that files are published under: no way leads out of the folder.
    static func isProper(_ name: String) -> Bool {
        guard name.utf8.count <= maximumNameSize, name.hasSuffix(".bin") else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.first != "."
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
        }
    }

    /// Away from the event loop that calls handlers: disks may be slow.
    @concurrent private static func readStored(_ path: String) async throws -> [UInt8]? { try HeartbeatFolder.read(path) }

    @concurrent private static func stored(in folder: String) async throws -> [String] {
        guard let files = FileManager.default.enumerator(atPath: folder) else { return [] }
        var names: [String] = []
        while names.count < maximumCount, let name = files.nextObject() as? String {
            if isProper(name) { names.append(name) }
        }
        return names
    }
}
