import Crypto
import ErasureCode
import StorageModel
import TestSupport
import Testing

@Suite struct ErasureVectorsTests {
    @Test func `golden data encode to the golden shares`() throws {
        for known in try GoldenErasure.load().encode {
            let encoder = ErasureEncoder(scheme: try scheme(known.k, known.n, shareSize: known.share_size))
            #expect(encoder.encode(known.data_hex.bytes) == known.shares_hex.map(\.bytes), "\(known.k) of \(known.n)")
        }
    }

    @Test func `the parity matrix is the golden one`() throws {
        for known in try GoldenErasure.load().encode {
            guard let rows = known.parity_matrix_rows_hex else { continue }
            // A unit matrix as data makes every share a row of the code's matrix.
            let unit = (0..<known.k * known.k).map { UInt8($0 / known.k == $0 % known.k ? 1 : 0) }
            let shares = ErasureEncoder(scheme: try scheme(known.k, known.n, shareSize: known.k)).encode(unit)
            #expect(Array(shares.dropFirst(known.k)) == rows.map(\.bytes), "\(known.k) of \(known.n)")
        }
    }

    @Test func `golden shares decode to the golden data`() throws {
        for known in try GoldenErasure.load().decode {
            let shares = known.shares.map(\.share)
            let scheme = try scheme(known.k, known.n, shareSize: shares[0].bytes.count)
            #expect(try ErasureDecoder.decode(shares, scheme: scheme) == known.data_hex.bytes)
        }
    }

    @Test func `golden corruptions are corrected or refused as the field does`() throws {
        let refusals: [String: ErasureCodeError] = [
            "not enough shares": .notEnoughShares, "too many errors to reconstruct": .tooManyErrors,
        ]
        for known in try GoldenErasure.load().correct {
            let shares = known.shares.map(\.share)
            let corrector = ErasureCorrector(
                scheme: try scheme(known.k, known.n, shareSize: shares[0].bytes.count))
            if let error = known.error {
                let expected = try #require(refusals[error])
                #expect(throws: expected) { try corrector.correct(shares) }
            } else {
                #expect(try corrector.correct(shares).stripes == known.decoded_hex?.bytes)
            }
        }
    }

    @Test func `golden segments become the golden pieces and come back`() throws {
        for known in try GoldenErasure.load().segments {
            let scheme = try scheme(known.k, known.n, shareSize: known.erasure_share_size)
            let layout = StripeLayout(scheme: scheme)
            #expect(scheme.stripeSize == known.stripe_size)
            let segment = (0..<known.segment_len).map { UInt8(truncatingIfNeeded: $0 * 13 + 77) }
            let pieces = ErasureEncoder(scheme: scheme).encode(layout.pad(segment))
            #expect(pieces.allSatisfy { $0.count == Int(known.piece_size) })
            #expect(layout.pieceSize(encryptedSize: Int64(segment.count)) == known.piece_size)
            #expect(digest(Array(pieces.joined())) == known.all_pieces_concat_sha256.bytes)
            switch known.pieces {
            case .all(let all): #expect(pieces == all.map(\.bytes))
            case .some(let some):
                for piece in some { #expect(digest(pieces[piece.piece]) == piece.sha256.bytes) }
            }
            let last = (known.n - known.k..<known.n).map { ErasureShare(number: $0, bytes: pieces[$0]) }
            #expect(layout.unpad(try ErasureDecoder.decode(last, scheme: scheme)) == segment)
        }
    }

    @Test func `golden piece sizes are ours`() throws {
        for known in try GoldenErasure.load().piece_sizes {
            let layout = StripeLayout(scheme: try scheme(known.k, known.k, shareSize: known.erasure_share_size))
            #expect(layout.pieceSize(encryptedSize: known.encrypted_segment_size) == known.upload_piece_size)
            #expect(
                layout.readableSize(encryptedSize: known.encrypted_segment_size)
                    == known.download_readable_bytes_per_piece)
        }
    }

    private func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
