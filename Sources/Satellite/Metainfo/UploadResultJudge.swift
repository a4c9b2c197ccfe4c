import Identity
import Metabase
import Orders
import Overlay
import StorageModel
import WireMessages

/// A piece whose node vouches for it.
struct JudgedPiece: Sendable {
    let piece: SegmentPiece
    let algorithm: PieceHashAlgorithm
}

/// Judges what a client says about the pieces of a segment: a piece counts when its node signed for it.
///
/// - Source: protocol document 2 §3.4, steps 2 to 5 of the table of upload results.
struct UploadResultJudge: Sendable {
    let token: SegmentToken
    /// What every piece of the segment must measure, in bytes.
    let pieceSize: Int64
    let hashLifetime: Duration
    let now: Timestamp
    let overlay: Overlay

    /// A result that could be read: what the client claims and the node's words for it.
    private struct Claim: Sendable {
        let number: Int
        let node: NodeID
        let hash: PieceHash
    }

    /// The pieces that count, in the order of the results.
    ///
    /// - Throws: a refusal when sizes disagree, too few pieces count, or a piece is on another node than offered.
    func judge(_ results: [Metainfo_SegmentPieceUploadResult]) async throws -> [JudgedPiece] {
        guard results.count <= token.nodes.count else { throw Refusal.invalid("more results than pieces offered") }
        let hashes = try results.map { result -> PieceHash? in
            result.hasHash ? try PieceHash.parse(Array(result.hash)) : nil
        }
        try validateSizes(hashes.compactMap { $0 })
        var reasons: [String] = []
        var claims: [Claim] = []
        for (result, hash) in zip(results, hashes) {
            switch claim(result, hash, after: claims) {
            case .success(let claim): claims.append(claim)
            case .failure(let reason): reasons.append(reason.text)
            }
        }
        let signatures = try await verify(claims)
        for (claim, isSigned) in zip(claims, signatures) where !isSigned {
            reasons.append("piece \(claim.number) has an invalid signature of node \(claim.node)")
        }
        let signed = zip(claims, signatures).filter(\.1).map(\.0)
        guard signed.count >= token.redundancy.optimalShares else { throw tooFew(signed.count, reasons) }
        guard token.nodes.count == token.redundancy.totalShares else {
            throw Refusal.invalid("the number of limits does not fit the redundancy scheme")
        }
        return try signed.map(judged)
    }

    /// All pieces of a segment measure the same.
    private func validateSizes(_ hashes: [PieceHash]) throws {
        for hash in hashes where hash.pieceSize != pieceSize {
            throw Refusal.invalid("piece sizes are invalid: got \(hash.pieceSize), expected \(pieceSize)")
        }
    }

    private struct Reason: Error {
        let text: String
    }

    /// Reads one result; a failure drops it.
    private func claim(
        _ result: Metainfo_SegmentPieceUploadResult, _ hash: PieceHash?, after earlier: [Claim]
    ) -> Swift.Result<Claim, Reason> {
        let number = Int(result.pieceNum)
        func dropped(_ rule: String) -> Swift.Result<Claim, Reason> {
            .failure(Reason(text: "piece \(number) \(rule)"))
        }
        guard token.nodes.indices.contains(number) else { return dropped("was not offered") }
        guard let hash else { return dropped("has no hash") }
        guard let timestamp = hash.timestamp, timestamp.advanced(by: hashLifetime) >= now else {
            return dropped("has a hash that is too old")
        }
        let offered = token.nodes[number]
        guard hash.pieceID == token.rootPieceID.derive(node: offered, pieceNumber: Int32(number)) else {
            return dropped("has the hash of another piece")
        }
        guard hash.pieceSize <= token.limit else { return dropped("is larger than its limit") }
        guard hash.hash.count == 32 else { return dropped("has a hash of another length than 32") }
        guard !earlier.contains(where: { $0.number == number }) else { return dropped("is named twice") }
        guard result.hasNodeID, let node = NodeID(result.nodeID) else { return dropped("names no node") }
        return .success(Claim(number: number, node: node, hash: hash))
    }

    // MARK: - Signatures

    /// Whether each claim is signed by the node that was offered the piece; verified side by side, since a
    /// verification takes some 70 µs.
    private func verify(_ claims: [Claim]) async throws -> [Bool] {
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            for (index, claim) in claims.enumerated() {
                group.addTask { (index, try await isSigned(claim)) }
            }
            var signatures = [Bool](repeating: false, count: claims.count)
            for try await (index, isSigned) in group { signatures[index] = isSigned }
            return signatures
        }
    }

    /// A node that was made anew since its last check-in is asked for its identity once.
    private func isSigned(_ claim: Claim) async throws -> Bool {
        let node = token.nodes[claim.number]
        if let identity = try await overlay.identity(of: node), claim.hash.isSigned(by: identity) { return true }
        guard let identity = await overlay.refetchIdentity(of: node) else { return false }
        return claim.hash.isSigned(by: identity)
    }

    // MARK: - Verdict

    private func tooFew(_ count: Int, _ reasons: [String]) -> RPCStatusError {
        let head =
            "Number of valid pieces (\(count)) is less than the success threshold "
            + "(\(token.redundancy.optimalShares)). Found \(reasons.count) invalid pieces"
        return Refusal.invalid(([head] + reasons).joined(separator: "\n"))
    }

    /// Since every number counts once and the nodes offered are distinct, no node can have two pieces, and all
    /// pieces together cannot measure more than the scheme makes of the segment.
    private func judged(_ claim: Claim) throws -> JudgedPiece {
        guard claim.node == token.nodes[claim.number] else {
            throw Refusal.invalid("piece \(claim.number) is on another node than offered")
        }
        let piece = SegmentPiece(number: claim.number, node: claim.node, hash: Bytes32(claim.hash.hash))
        return JudgedPiece(piece: piece, algorithm: claim.hash.hashAlgorithm)
    }
}
