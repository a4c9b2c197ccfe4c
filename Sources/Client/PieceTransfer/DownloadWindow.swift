import ErasureCode
import NIOCore
import StorageModel

/// The shares of a few consecutive stripes, ready to be decoded.
struct DownloadWindow: Sendable {
    /// Ascending.
    let pieceNumbers: [Int]
    /// `length` bytes of every piece, in the order of `pieceNumbers`.
    let shares: [ByteBuffer]
    /// Bytes of a piece, a multiple of the share size.
    let length: Int

    /// Gives `body` the addresses of all shares at once.
    func withAddresses<Result, Failure: Error>(
        _ body: ([UnsafeRawPointer]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The addresses stay valid outside of the closure: the storage is kept by `shares`, which nobody changes.
        defer { withExtendedLifetime(shares) {} }
        return try body(
            shares.compactMap { $0.withUnsafeReadableBytesWithStorageManagement { bytes, _ in bytes.baseAddress } })
    }
}

/// Turns windows into stripes, one after another, in a buffer of its own.
struct WindowDecoder: ~Copyable {
    /// Sets of pieces change only when nodes fail, so few decoders are ever needed.
    private static let maximumDecoderCount = 16

    private let scheme: RedundancyScheme
    private let stripes: UnsafeMutableRawBufferPointer
    private var decoders: [[Int]: ErasureDecoder] = [:]
    private var corrector: WindowCorrector?
    /// The pieces that were found to lie.
    private(set) var corruptPieces: Set<Int> = []

    /// - Parameter windowSize: the most bytes of a piece in a window.
    init(scheme: RedundancyScheme, windowSize: Int) {
        self.scheme = scheme
        stripes = .allocate(byteCount: windowSize * scheme.requiredShares, alignment: 64)
    }

    deinit { stripes.deallocate() }

    /// The stripes of a window of exactly k pieces; valid until the next call.
    mutating func decode(_ window: DownloadWindow) throws(ErasureCodeError) -> UnsafeRawBufferPointer {
        let decoder = try decoder(window.pieceNumbers)
        let target = UnsafeMutableRawBufferPointer(rebasing: stripes[..<(window.length * scheme.requiredShares)])
        window.withAddresses { decoder.decode($0, length: window.length, into: target) }
        return UnsafeRawBufferPointer(target)
    }

    private mutating func decoder(_ pieceNumbers: [Int]) throws(ErasureCodeError) -> ErasureDecoder {
        if let decoder = decoders[pieceNumbers] { return decoder }
        if decoders.count == Self.maximumDecoderCount { decoders.removeAll() }
        let decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: pieceNumbers)
        decoders[pieceNumbers] = decoder
        return decoder
    }

    /// The stripes that most of a window's pieces agree on; valid until the next call.
    ///
    /// - Throws: `tooManyErrors`, `notEnoughShares` when too few agree to tell who is right.
    mutating func correct(_ window: DownloadWindow) throws(ErasureCodeError) -> UnsafeRawBufferPointer {
        let target = UnsafeMutableRawBufferPointer(rebasing: stripes[..<(window.length * scheme.requiredShares)])
        if corrector?.pieceNumbers != window.pieceNumbers {
            corrector = try WindowCorrector(
                scheme: scheme, pieceNumbers: window.pieceNumbers, suspects: corrector?.suspects ?? [])
        }
        try window.withAddresses { addresses throws(ErasureCodeError) in
            try corrector?.correct(addresses, length: window.length, into: target)
        }
        corruptPieces.formUnion(corrector?.corruptPieces ?? [])
        return UnsafeRawBufferPointer(target)
    }
}
