import Foundation
import TestSupport

/// A recorded conversation between a client and the reference satellite.
struct Transcript: Decodable {
    struct Call: Decodable {
        let path: String
        let request: Message?
        let response: Message?
    }

    struct Message: Decodable {
        let hex: HexBytes?
        let selected: Int?
        let items: [Item]?
        /// Whether the recorder itself could not read the message.
        let isUndecodable: Bool

        private enum CodingKeys: CodingKey { case hex, selected, items, view }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            hex = try container.decodeIfPresent(HexBytes.self, forKey: .hex)
            selected = try container.decodeIfPresent(Int.self, forKey: .selected)
            items = try container.decodeIfPresent([Item].self, forKey: .items)
            // The view is a text only when there is nothing to view.
            isUndecodable = (try? container.decode(String.self, forKey: .view)) != nil
        }
    }

    struct Item: Decodable {
        let number: UInt64?
        let hex: HexBytes
    }

    let name: String
    let rpcs: [Call]

    /// All recorded conversations, in order of their names.
    static func all() throws -> [Transcript] {
        let folder = Vectors.folder.appending(path: "transcripts")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { try Vectors.decode(Transcript.self, from: "transcripts/\($0)") }
    }
}
