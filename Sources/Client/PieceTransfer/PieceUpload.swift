internal import DRPC
internal import Identity
internal import Orders
internal import StorageModel
internal import WireMessages

/// One attempt to store one piece: connects, waits for the node's answer and verifies it. Its bytes are sent by the
/// segment's upload.
struct PieceUpload: Sendable {
    let piece: AddressedLimit
    let number: Int
    let attempt: Int
    let sent: SentPiece
    let uploader: PieceUploader
    let mailbox: UploadMailbox

    /// How old the time in a node's answer may be.
    private static let maximumAge: Duration = .seconds(24 * 3600)

    /// Runs to the answer and tells how it ended.
    func run() async {
        do {
            let connection = try await uploader.dialer.connect(to: piece.node)
            let response = try await connection.withStream(PiecestoreMethods.upload) { stream in
                let signal = mailbox.signal
                stream.observeRoom { signal.set() }
                mailbox.post(.opened(attempt, stream))
                guard let response = try await stream.receive() else { throw PieceRefusal.noAnswer }
                return response
            }
            let hash = try verified(response, peer: connection.peer)
            mailbox.post(.stored(attempt, UploadedPiece(number: number, node: piece.limit.storageNodeID, hash: hash)))
        } catch {
            // When the segment is over nobody reads this; a cancellation by the node is a failure like any other.
            mailbox.post(.failed(attempt, reason: "\(error)", isNodeToBlame: !Task.isCancelled))
        }
    }

    /// The hash in a node's answer, if it is the promise that was asked for.
    ///
    /// - Source: protocol document 3 §1.3.
    private func verified(_ response: PieceUploadResponse, peer: PeerIdentity?) throws -> PieceHash {
        guard let expected = sent.hash else { throw PieceRefusal.answeredTooEarly }
        guard let hash = response.done else { throw PieceRefusal.noHash }
        guard hash.pieceID == expected.pieceID else { throw PieceRefusal.wrongPiece }
        guard hash.hashAlgorithm == expected.hashAlgorithm else { throw PieceRefusal.wrongAlgorithm }
        guard hash.hash == expected.hash else { throw PieceRefusal.wrongHash }
        guard hash.pieceSize == expected.pieceSize else { throw PieceRefusal.wrongSize(hash.pieceSize) }
        guard let timestamp = hash.timestamp,
            uploader.clock.now().duration(since: timestamp) <= Self.maximumAge
        else { throw PieceRefusal.tooOld }
        let node = piece.limit.storageNodeID
        let identity = try uploader.book.identity(node, certificates: response.nodeCertificateChain, peer: peer)
        guard identity.id == node else { throw PieceRefusal.wrongNode }
        guard hash.isSigned(by: identity) else { throw PieceRefusal.wrongSignature }
        return hash
    }
}
