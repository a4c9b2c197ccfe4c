/// What any pieces must hold, given the bytes of k others.
struct ErasurePrediction {
    private let kernel: MatrixKernel

    /// - Parameters:
    ///   - known: k distinct piece numbers.
    ///   - wanted: the piece numbers to predict.
    init(known: [Int], wanted: [Int]) {
        kernel = MatrixKernel(matrix: Interpolation.matrix(known: known, wanted: wanted), inputCount: known.count)
    }

    /// The wanted pieces' bytes.
    ///
    /// - Parameter shares: the known pieces' bytes, as many of each.
    func values(of shares: [[UInt8]]) -> [[UInt8]] {
        guard kernel.outputCount > 0, let length = shares.first?.count, length > 0
        else { return Array(repeating: [], count: kernel.outputCount) }
        var outputs = [UInt8](repeating: 0, count: length * kernel.outputCount)
        Array(shares.joined()).withUnsafeBytes { inputs in
            outputs.withUnsafeMutableBytes { outputs in
                guard let input = inputs.baseAddress, let output = outputs.baseAddress else { return }
                kernel.multiply(
                    inputs: shares.indices.map { input + $0 * length },
                    outputs: (0..<kernel.outputCount).map { output + $0 * length }, length: length)
            }
        }
        return (0..<kernel.outputCount).map { Array(outputs[$0 * length..<($0 + 1) * length]) }
    }
}
