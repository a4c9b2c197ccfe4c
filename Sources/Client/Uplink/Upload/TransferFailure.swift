internal import DRPC
internal import Encryption
internal import PieceTransfer

extension UplinkError {
    /// What went wrong with the content of an object, for the user; a cancellation stays one.
    ///
    /// - Parameter attempt: what was tried: "upload \"a\" in bucket \"b\"".
    static func transfer(_ error: any Error, _ attempt: String) -> any Error {
        switch error {
        case is UplinkError, is CancellationError: return error
        case let error as TransferError: return UplinkError(error, attempt)
        case EncryptionError.notAuthentic:
            return UplinkError(
                .corruptData, "cannot \(attempt): what arrived does not decrypt",
                advice: "Check the passphrase. If it is right, too many nodes have lost or changed their pieces")
        default: return UplinkError(.satelliteError, "cannot \(attempt): \(error)")
        }
    }

    private init(_ error: TransferError, _ attempt: String) {
        switch error {
        case .notEnoughPieces, .noOtherNodes, .noProgress:
            self.init(.notEnoughNodes, "cannot \(attempt): \(error)", advice: "Try again")
        case .tooManyCorruptPieces:
            self.init(.corruptData, "cannot \(attempt): \(error)")
        case .malformedOffer, .segmentTooLarge:
            self.init(.satelliteError, "cannot \(attempt): \(error)")
        }
    }
}
