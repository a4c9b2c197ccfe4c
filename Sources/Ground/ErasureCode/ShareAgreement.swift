import Foundation
import StorageModel

/// Trusted pieces: compares those beyond k with what k of them say, and decodes these k.
struct ShareAgreement: Sendable {
    /// The trusted pieces, data pieces first: they need no decoding.
    let pieceNumbers: [Int]
    /// Where the trusted pieces stand among the shares, in the order of `pieceNumbers`.
    private let positions: [Int]
    private let requiredShares: Int
    private let decoder: ErasureDecoder
    private let prediction: MatrixKernel

    /// - Parameters:
    ///   - pieceNumbers: distinct ones of the scheme, in the order of the shares.
    ///   - suspects: those not trusted.
    /// - Throws: `notEnoughShares` when fewer than k are trusted.
    init(scheme: RedundancyScheme, pieceNumbers: [Int], suspects: Set<Int>) throws(ErasureCodeError) {
        requiredShares = scheme.requiredShares
        positions = pieceNumbers.indices.filter { !suspects.contains(pieceNumbers[$0]) }
            .sorted { pieceNumbers[$0] < pieceNumbers[$1] }
        self.pieceNumbers = positions.map { pieceNumbers[$0] }
        let known = Array(self.pieceNumbers.prefix(requiredShares))
        decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: known)
        let others = Array(self.pieceNumbers.dropFirst(requiredShares))
        prediction = MatrixKernel(matrix: Interpolation.matrix(known: known, wanted: others), inputCount: known.count)
    }

    /// The byte columns in which the trusted pieces contradict each other, in ascending order.
    ///
    /// - Parameter shares: `length` bytes of every piece, trusted or not.
    func contradictions(in shares: [UnsafeRawPointer], length: Int) -> [Int] {
        let trusted = positions.map { shares[$0] }
        let others = trusted.dropFirst(requiredShares)
        guard !others.isEmpty, length > 0 else { return [] }
        return withUnsafeTemporaryAllocation(byteCount: others.count * length, alignment: 64) { predicted in
            let rows = ErasureEncoder.rows(of: predicted, count: others.count).compactMap(\.baseAddress)
            prediction.multiply(inputs: Array(trusted.prefix(requiredShares)), outputs: rows, length: length)
            let wrong = zip(others, rows).filter { memcmp($0, $1, length) != 0 }
            return (0..<(wrong.isEmpty ? 0 : length)).filter { column in
                wrong.contains { own, row in
                    own.load(fromByteOffset: column, as: UInt8.self) != row.load(fromByteOffset: column, as: UInt8.self)
                }
            }
        }
    }

    /// Writes the stripes behind the first k trusted pieces.
    func decode(_ shares: [UnsafeRawPointer], length: Int, into stripes: UnsafeMutableRawBufferPointer) {
        decoder.decode(positions.prefix(requiredShares).map { shares[$0] }, length: length, into: stripes)
    }
}
