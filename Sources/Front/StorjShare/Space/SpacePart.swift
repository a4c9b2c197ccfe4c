import PieceStore
package import StorageNode

/// A part of the disk with what it is there for, so that every byte is accounted for.
package struct SpacePart: Hashable, Sendable {
    /// What a part is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case pieces
        case proofs
        case trash
        case dead
        case index
        case free
        case unavailable
    }

    package let kind: Kind
    package let bytes: Int64
    /// What people call it.
    package let title: String
    /// Why it is there, and whether somebody pays for it.
    package let explanation: String
    /// Whether satellites pay for it.
    package var isPaid: Bool { kind == .pieces }

    /// All parts of the allocated space; their sum is what was allocated, or what is used when that is more.
    package static func parts(of status: NodeStatus) -> [SpacePart] {
        let usage = status.usage
        let free = max(0, status.freeSpace)
        let rest = max(0, status.allocatedSpace - usage.totalBytes)
        let texts: [(Kind, Int64, String, String)] = [
            (
                .pieces, usage.contentBytes, "Customers' pieces",
                "The content of pieces. This is what satellites count and pay for."
            ),
            (
                .proofs, usage.liveBytes - usage.contentBytes, "Kept beside the pieces",
                "The signed order and the hash that came with every piece, 500 to 800 bytes each: with them the node can prove what it was given. Nobody pays for it."
            ),
            (
                .trash, usage.trashBytes, "Trash",
                "Deleted by satellites, and kept for some days in case that was a mistake. Nobody pays for it; it goes by itself."
            ),
            (
                .dead, usage.deadBytes, "To be given back",
                "Places of pieces that are gone, inside files that still hold others. The next upkeep packs the files and frees it. Nobody pays for it."
            ),
            (
                .index, usage.indexBytes, "Index",
                "Where each piece lies; with it a download needs one look at the disk. Nobody pays for it."
            ),
            (.free, free, "Free", "Room for new pieces: satellites are told of it with every check-in."),
            (
                .unavailable, max(0, rest - free), "Allocated, but not on the disk",
                "You allocated it, but other files on the same disk use it."
            ),
        ]
        return texts.map { kind, bytes, title, explanation in
            SpacePart(kind: kind, bytes: max(0, bytes), title: title, explanation: explanation)
        }
    }
}
