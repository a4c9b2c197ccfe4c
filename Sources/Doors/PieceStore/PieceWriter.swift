import Blake3
import Crypto
package import NIOCore
package import StorageModel

/// Takes the bytes of one piece and makes them durable.
///
/// One task at a time uses a writer. Bytes gather in memory and go to the disk, and through the hash, in lumps of
/// `stagingSize`; only then does a call suspend. A writer that is let go without `commit` drops what it wrote.
package final class PieceWriter: @unchecked Sendable {
    /// The piece.
    package let pieceID: PieceID
    /// Bytes taken so far.
    package private(set) var size: Int64 = 0

    private let store: PieceStore
    private let satellite: NodeID
    private let algorithm: StoredHashAlgorithm
    private let expires: Timestamp?
    private var staging: StagingBuffer
    /// How many of the staged bytes went through the hashers.
    private var hashedCount = 0
    private var blake3 = Blake3Hasher(collectingGroups: true)
    private var sha256: SHA256?
    /// The log a large piece has for itself, and how many of its bytes are there.
    private var slot: (store: SatelliteStore, log: SatelliteStore.LogSlot)?
    private var writtenSize: Int64 = 0
    private var isFinished = false

    init(
        store: PieceStore, satellite: NodeID, pieceID: PieceID, algorithm: StoredHashAlgorithm, expires: Timestamp?
    ) {
        self.store = store
        self.satellite = satellite
        self.pieceID = pieceID
        self.algorithm = algorithm
        self.expires = expires
        staging = store.staging.take()
        sha256 = algorithm == .sha256 ? SHA256() : nil
    }

    deinit { abort() }

    /// Takes the next bytes of the piece; suspends when they have to go to the disk first.
    ///
    /// - Throws: `PieceStoreError` when the disk fails or the piece becomes too large; the writer is then aborted.
    package func append(_ chunk: ByteBuffer) async throws {
        guard !isFinished else { throw PieceStoreError(.closed, "the writer of piece \(pieceID) is closed") }
        guard size + Int64(chunk.readableBytes) <= store.settings.maximumPieceSize else {
            abort()
            throw PieceStoreError(.tooLarge, "piece \(pieceID) is too large")
        }
        var chunk = chunk
        while chunk.readableBytes > 0 {
            if staging.isFull { try await flush() }
            let count = chunk.withUnsafeReadableBytes { staging.append($0) }
            chunk.moveReaderIndex(forwardBy: count)
            size += Int64(count)
        }
    }

    /// The hash of the bytes taken so far, of the algorithm chosen.
    package func contentHash() -> Bytes32 {
        hashStaged()
        guard let sha256 else { return blake3.finalize() }
        guard let hash = Bytes32(Array(sha256.finalize())) else { preconditionFailure("SHA-256 has 32 bytes") }
        return hash
    }

    /// Makes the piece durable: when this returns, a power loss cannot take it.
    ///
    /// - Throws: `PieceStoreError`; nothing is stored then.
    package func commit(_ proof: PieceProof) async throws -> StoredPiece {
        guard !isFinished else { throw PieceStoreError(.closed, "the writer of piece \(pieceID) is closed") }
        guard proof.orderLimit.count <= PieceProof.maximumOrderLimitSize,
            proof.hashSignature.count <= PieceProof.maximumSignatureSize
        else {
            abort()
            throw PieceStoreError(.tooLarge, "the proof of piece \(pieceID) is too large")
        }
        var proof = proof
        proof.expires = expires
        let piece = StoredPiece(
            satellite: satellite, pieceID: pieceID, size: size, algorithm: algorithm, hash: contentHash(),
            root: blake3.finalize(), created: store.clock.now(), proof: proof)
        let trailer = Trailer(piece: piece, groupValues: blake3.groupValues())
        isFinished = true
        if let slot {
            self.slot = nil
            try await store.pool.run { try self.commitLarge(trailer, slot) }
        } else {
            try await commitSmall(trailer)
        }
        return piece
    }

    /// Drops the piece. Calling it again, or after `commit`, does nothing.
    package func abort() {
        isFinished = true
        guard let (satelliteStore, log) = slot else { return }
        slot = nil
        // With the pool stopped the log is cut when the store is opened again.
        store.pool.enqueue { satelliteStore.rollBack(log) }
    }

    // MARK: On the pool

    private func flush() async throws {
        do { try await store.pool.run { try self.flushBlocking() } } catch {
            abort()
            throw error
        }
    }

    private func flushBlocking() throws {
        hashStaged()
        let (_, log) = try slot ?? checkOut()
        try log.file.writeAll(staging.filled, at: log.start + writtenSize)
        writtenSize += Int64(staging.filled.count)
        staging.empty()
        hashedCount = 0
    }

    private func checkOut() throws -> (store: SatelliteStore, log: SatelliteStore.LogSlot) {
        let satelliteStore = try store.makeSatelliteStore(satellite)
        let day = SatelliteStore.logDay(expires: expires, now: store.clock.now())
        let slot = (store: satelliteStore, log: try satelliteStore.checkOut(day: day))
        self.slot = slot
        return slot
    }

    private func commitLarge(_ trailer: Trailer, _ slot: (store: SatelliteStore, log: SatelliteStore.LogSlot)) throws {
        let published = try slot.store.append(slot: slot.log, size: writtenSize) { end in
            try slot.log.file.writeAll(staging.filled, at: end)
            return [try slot.store.writeTrailer(trailer, to: slot.log, content: slot.log.start, end: &end)]
        }
        if published.isEmpty { throw SatelliteStore.alreadyExists(pieceID) }
    }

    private func commitSmall(_ trailer: Trailer) async throws {
        let day = SatelliteStore.logDay(expires: expires, now: store.clock.now())
        let satelliteStore: SatelliteStore
        if let open = store.satelliteStore(satellite) { satelliteStore = open } else {
            satelliteStore = try await store.pool.run { try self.store.makeSatelliteStore(self.satellite) }
        }
        try await withCheckedThrowingContinuation { continuation in
            let pending = PendingPiece(
                piece: trailer.piece, content: staging, groupValues: trailer.groupValues, day: day,
                continuation: continuation)
            store.enqueue(pending, in: satelliteStore)
        }
    }

    private func hashStaged() {
        let fresh = UnsafeRawBufferPointer(rebasing: staging.filled[hashedCount...])
        if fresh.isEmpty { return }
        blake3.update(fresh)
        sha256?.update(bufferPointer: fresh)
        hashedCount += fresh.count
    }
}
