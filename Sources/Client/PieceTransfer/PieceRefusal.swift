/// What is wrong with a node's answer.
enum PieceRefusal: Error, Hashable, CustomStringConvertible {
    /// Nobody can tell whose answer it is.
    case noIdentity
    /// It ended the call without an answer.
    case noAnswer
    /// It answered before everything was sent.
    case answeredTooEarly
    /// The answer has no hash.
    case noHash
    /// The hash is of another piece.
    case wrongPiece
    /// The hash is made with another algorithm.
    case wrongAlgorithm
    /// The hash is not the one of what was sent.
    case wrongHash
    /// It says that it stored more or fewer bytes.
    case wrongSize(Int64)
    /// The certificates are another node's.
    case wrongNode
    /// The signature is not the node's, or there are fields nobody knows.
    case wrongSignature
    /// The hash was made long ago, or has no time.
    case tooOld

    var description: String {
        switch self {
        case .noIdentity: "the node has not shown its identity"
        case .noAnswer: "the node ended the call without an answer"
        case .answeredTooEarly: "the node answered before the piece was complete"
        case .noHash: "the node's answer has no hash"
        case .wrongPiece: "the node signed the hash of another piece"
        case .wrongAlgorithm: "the node hashed with another algorithm"
        case .wrongHash: "the node stored something else than was sent"
        case .wrongSize(let size): "the node stored \(size) bytes"
        case .wrongNode: "the answer is signed by another node"
        case .wrongSignature: "the node's signature is wrong"
        case .tooOld: "the node signed a time long ago"
        }
    }
}
