/// What a storage node offers to uplinks and satellites.
///
/// - Source: protocol document 3 §1.1.
package enum PiecestoreMethods {
    /// Stores a piece: messages up, one answer.
    package static let upload = RPCMethod<PieceUploadRequest, PieceUploadResponse>(
        path: "/piecestore.Piecestore/Upload")
    /// Fetches a piece: messages both ways.
    package static let download = RPCMethod<PieceDownloadRequest, PieceDownloadResponse>(
        path: "/piecestore.Piecestore/Download")
    /// Keeps the pieces of a filter, in one message.
    package static let retain = RPCMethod<Piecestore_RetainRequest, Piecestore_RetainResponse>(
        path: "/piecestore.Piecestore/Retain")
    /// Keeps the pieces of a filter that is sent in several messages; one answer.
    package static let retainBig = RPCMethod<Piecestore_RetainRequest, Piecestore_RetainResponse>(
        path: "/piecestore.Piecestore/RetainBig")
    /// Brings back everything in the trash.
    package static let restoreTrash = RPCMethod<Piecestore_RestoreTrashRequest, Piecestore_RestoreTrashResponse>(
        path: "/piecestore.Piecestore/RestoreTrash")
    /// Not used any more.
    package static let delete = RPCMethod<Piecestore_PieceDeleteRequest, Piecestore_PieceDeleteResponse>(
        path: "/piecestore.Piecestore/Delete")
    /// Not used any more.
    package static let deletePieces = RPCMethod<Piecestore_DeletePiecesRequest, Piecestore_DeletePiecesResponse>(
        path: "/piecestore.Piecestore/DeletePieces")
    /// Not used any more.
    package static let exists = RPCMethod<Piecestore_ExistsRequest, Piecestore_ExistsResponse>(
        path: "/piecestore.Piecestore/Exists")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [
        upload.path, download.path, retain.path, retainBig.path, restoreTrash.path, delete.path, deletePieces.path,
        exists.path,
    ]
}

/// What a storage node offers to satellites that want to know whether it is there.
package enum ContactMethods {
    /// Answers when the node is reachable.
    package static let pingNode = RPCMethod<Node_ContactPingRequest, Node_ContactPingResponse>(
        path: "/contact.Contact/PingNode")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [pingNode.path]
}
