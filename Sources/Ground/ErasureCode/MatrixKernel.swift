import CISAL

/// Multiplies a fixed matrix with rows of bytes: the one place that knows the library underneath.
///
/// Making one costs some 0.1 ms for 29 × 29, so it is kept and reused; it is a value that never changes.
struct MatrixKernel: Sendable {
    /// Rows of bytes that go in.
    let inputCount: Int
    /// Rows of bytes that come out.
    let outputCount: Int
    /// 32 bytes a coefficient, in the library's own order.
    private let tables: [UInt8]

    /// - Parameter matrix: row-major, `outputCount` rows of `inputCount` coefficients.
    init(matrix: [UInt8], inputCount: Int) {
        self.inputCount = inputCount
        outputCount = matrix.count / inputCount
        guard !matrix.isEmpty else {
            tables = []
            return
        }
        var matrix = matrix
        let rows = Int32(matrix.count / inputCount)
        tables = [UInt8](unsafeUninitializedCapacity: 32 * matrix.count) { buffer, count in
            ec_init_tables(Int32(inputCount), rows, &matrix, buffer.baseAddress)
            count = 32 * matrix.count
        }
    }

    /// Computes `length` bytes of every output.
    ///
    /// - Parameters:
    ///   - inputs: `inputCount` addresses of `length` bytes, only read.
    ///   - outputs: `outputCount` addresses of `length` bytes, apart from the inputs.
    func multiply(inputs: [UnsafeRawPointer], outputs: [UnsafeMutableRawPointer], length: Int) {
        precondition(inputs.count == inputCount && outputs.count == outputCount, "every row has its buffer")
        guard outputCount > 0, length > 0 else { return }
        // The library takes mutable pointers throughout, but never writes to tables or inputs.
        var sources: [UnsafeMutablePointer<UInt8>?] = inputs.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
        }
        var targets: [UnsafeMutablePointer<UInt8>?] = outputs.map { $0.assumingMemoryBound(to: UInt8.self) }
        tables.withUnsafeBufferPointer { tables in
            ec_encode_data(
                Int32(length), Int32(inputCount), Int32(outputCount),
                UnsafeMutablePointer(mutating: tables.baseAddress), &sources, &targets)
        }
    }
}
