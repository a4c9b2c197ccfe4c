import Foundation
import TestSupport

/// One recorded conversation between a real client and the Go satellite.
struct Transcript: Decodable, Sendable {
    let name: String
    let rpcs: [RPC]

    struct RPC: Decodable, Sendable {
        let seq: Int
        let path: String
        let request: Payload?
        let response: Payload?
        let error: Failure?

        var isCompressedBatch: Bool { path.hasSuffix("/CompressedBatch") }
        var isBatch: Bool { path.hasSuffix("/Batch") || isCompressedBatch }
    }

    struct Failure: Decodable, Hashable, Sendable {
        let code: UInt64
        let text: String
    }

    struct Payload: Decodable, Sendable {
        let hex: HexBytes?
        let selected: Int?
        let headerHex: HexBytes?
        let items: [Item]?

        enum CodingKeys: String, CodingKey {
            case hex, selected, items
            case headerHex = "header_hex"
        }
    }

    struct Item: Decodable, Sendable {
        let number: UInt64?
        let name: String?
        let hex: HexBytes?
        let cut: [String]?
    }

    /// All conversations, in the order of their recording.
    static func all() throws -> [Transcript] {
        let folder = Vectors.folder.appending(path: "transcripts")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        return try names.sorted { place($0) < place($1) }
            .map { try Vectors.decode(Transcript.self, from: "transcripts/\($0)") }
    }

    /// Where a file stands: by its number, but for 62, which was recorded anew after 78.
    private static func place(_ name: String) -> String { name.hasPrefix("62") ? "78-and-then-\(name)" : name }
}

extension Transcript.RPC {
    /// The bytes of the inner batch request, rebuilt from its items and header.
    var batchRequest: [WireField]? {
        guard isBatch, let request, let items = request.items else { return nil }
        var fields = items.map { item -> WireField in
            var inner: [WireField] = []
            if let number = item.number, let hex = item.hex { inner = [WireField(number, .bytes(hex.bytes))] }
            return WireField(1, .bytes(WireField.encode(inner)))
        }
        if let header = request.headerHex { fields.append(WireField(15, .bytes(header.bytes))) }
        return fields
    }
}
