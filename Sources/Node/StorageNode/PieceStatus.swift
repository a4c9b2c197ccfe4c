import Logging
import PieceStore
import WireMessages

/// What the node's rooms refuse, as the status a peer sees.
///
/// The code is a protocol decision: to an auditor, "not found" means that the piece is lost, so it is answered for
/// nothing else, and a fault of the disk is never dressed up as a missing piece.
/// - Source: protocol document 3 §1.5.
enum PieceStatus {
    /// The status of a failed upload.
    static func ofUpload(_ error: any Error) -> any Error {
        switch error {
        case let error as PieceStoreError: RPCStatusError(.internal, "piece could not be stored: \(error.message)")
        default: error
        }
    }

    /// The status of a failed download.
    static func ofDownload(_ error: any Error) -> any Error {
        switch error {
        case let error as PieceStoreError where error.code == .notFound: RPCStatusError(.notFound, "file does not exist")
        case let error as PieceStoreError: RPCStatusError(.internal, "piece could not be read: \(error.message)")
        default: error
        }
    }
}
