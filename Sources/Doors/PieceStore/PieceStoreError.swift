/// Why the piece store refused or failed.
///
/// "Not found" is said only when the index is whole and lacks the piece: to an auditor it means that the piece is lost,
/// so no fault of the disk ever turns into it.
package struct PieceStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds a caller can tell apart.
    package enum Code: Hashable, Sendable {
        /// The store is whole and has no such piece.
        case notFound
        /// A live piece with this id is stored already.
        case alreadyExists
        /// The bytes on the disk are not those that were stored.
        case corrupt
        /// The disk is full.
        case noSpace
        /// The piece, or the range asked for, is larger than allowed.
        case tooLarge
        /// A file that should exist does not.
        case missingFile
        /// Another failure of the operating system, with its number.
        case system(Int32)
        /// The store, or this writer, is closed.
        case closed
    }

    /// The kind.
    package let code: Code
    /// Which thing failed and which rule was broken; holds ids and paths of the store, never content.
    package let message: String

    /// An error of a kind, with its explanation.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether trying again later can help.
    package var isTransient: Bool {
        switch code {
        case .noSpace, .missingFile, .system: true
        case .notFound, .alreadyExists, .corrupt, .tooLarge, .closed: false
        }
    }

    package var description: String { message }
}
