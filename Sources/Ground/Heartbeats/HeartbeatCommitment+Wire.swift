import Foundation
package import StorageModel
package import WireMessages

extension HeartbeatCommitment {
    /// What a request asks a node to sign.
    ///
    /// - Parameters:
    ///   - satellite: who asks, as its certificates say.
    ///   - node: who is asked.
    /// - Throws: `malformed` for missing times, ids of another length, or more samples than a proof may have.
    package init(
        _ request: Heartbeat_CommitRequest, satellite: NodeID, node: NodeID
    ) throws(HeartbeatError) {
        guard let start = Self.time(request.hasStart, request.start), let end = Self.time(request.hasEnd, request.end),
            let asOf = Self.time(request.hasAsOf, request.asOf), start < end
        else { throw .malformed("commitment: times") }
        guard let secretHash = Bytes32(request.secretHash), let agreement = Bytes32(request.agreement) else {
            throw .malformed("commitment: secret or agreement")
        }
        guard request.root.isEmpty == (request.chunkCount == 0),
            let root = request.root.isEmpty ? Bytes32() : Bytes32(request.root)
        else { throw .malformed("commitment: root") }
        guard (1...UInt32(HeartbeatProof.maximumSampleCount)).contains(request.sampleCount) else {
            throw .malformed("commitment: number of samples")
        }
        self.init(
            period: HeartbeatPeriod(
                satellite: satellite, number: request.period, start: start, end: end, asOf: asOf,
                secretHash: secretHash),
            node: node, agreement: agreement, sampleCount: request.sampleCount,
            holding: HeartbeatHolding(
                root: SumNode(hash: root, sum: request.chunkCount), pieceCount: request.pieceCount,
                byteCount: request.byteCount, unprovablePieceCount: request.unprovablePieceCount,
                unprovableByteCount: request.unprovableByteCount))
    }

    private static func time(_ isThere: Bool, _ field: Wire_Timestamp) -> Timestamp? {
        // Out of range is as good as missing.
        isThere ? (try? Wire_Timestamp.value(field)) ?? nil : nil
    }

    /// The request that asks for a signature.
    package var request: Heartbeat_CommitRequest {
        var request = Heartbeat_CommitRequest()
        request.period = period.number
        request.start = Wire_Timestamp(period.start)
        request.end = Wire_Timestamp(period.end)
        request.asOf = Wire_Timestamp(period.asOf)
        request.secretHash = Data(period.secretHash.bytes)
        request.agreement = Data(agreement.bytes)
        request.sampleCount = sampleCount
        if holding.root.sum > 0 { request.root = Data(holding.root.hash.bytes) }
        request.chunkCount = holding.root.sum
        request.pieceCount = holding.pieceCount
        request.byteCount = holding.byteCount
        request.unprovablePieceCount = holding.unprovablePieceCount
        request.unprovableByteCount = holding.unprovableByteCount
        return request
    }
}
