/// What an order limit allows.
///
/// - Source: protocol document 3 §1.2.
package struct PieceAction: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire; unknown ones are kept.
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// No action.
    package static let invalid = Self(rawValue: 0)
    /// A customer's upload.
    package static let put = Self(rawValue: 1)
    /// A customer's download.
    package static let get = Self(rawValue: 2)
    /// A satellite's random check.
    package static let getAudit = Self(rawValue: 3)
    /// A satellite's download for a repair or a whole-piece check.
    package static let getRepair = Self(rawValue: 4)
    /// A satellite's upload of a repaired piece.
    package static let putRepair = Self(rawValue: 5)
    /// Not used any more.
    package static let delete = Self(rawValue: 6)
    /// Not used any more.
    package static let putGracefulExit = Self(rawValue: 7)

    /// The name in logs and tables.
    package var description: String {
        let names = ["INVALID", "PUT", "GET", "GET_AUDIT", "GET_REPAIR", "PUT_REPAIR", "DELETE", "PUT_GRACEFUL_EXIT"]
        guard let index = Int(exactly: rawValue), names.indices.contains(index) else { return "ACTION_\(rawValue)" }
        return names[index]
    }
}

/// How a piece is hashed.
package struct PieceHashAlgorithm: RawRepresentable, Hashable, Sendable {
    /// The number on the wire; unknown ones are kept, and refused by whoever has to hash.
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// SHA-256; what a message without the field means.
    package static let sha256 = Self(rawValue: 0)
    /// BLAKE3 without a key, 32 bytes.
    package static let blake3 = Self(rawValue: 1)
}
