/// The code's polynomial: share i is its value at `point(i)`, and the data are its values at the first k points.
///
/// - Source: protocol document 1 §7.1.
enum Interpolation {
    /// Where share `number`, in `0...255`, lies.
    static func point(_ number: Int) -> UInt8 {
        number == 0 ? 0 : GaloisField.exponential(number - 1)
    }

    /// The matrix that turns values at the points of `known` shares into the values at those of `wanted` shares.
    ///
    /// Row-major, `wanted.count` rows of `known.count` coefficients (Lagrange): the product of (x + x_t) / (x_s + x_t)
    /// over all other known t. Both encoding and every kind of decoding are this matrix.
    ///
    /// - Parameter known: distinct numbers.
    static func matrix(known: [Int], wanted: [Int]) -> [UInt8] {
        let points = known.map(point)
        let denominators = points.map { own in
            points.reduce(1) { $1 == own ? $0 : GaloisField.product($0, own ^ $1) }
        }
        return wanted.flatMap { number in
            row(at: point(number), points: points, denominators: denominators)
        }
    }

    private static func row(at x: UInt8, points: [UInt8], denominators: [UInt8]) -> [UInt8] {
        // At a known point the value is that share itself.
        if points.contains(x) { return points.map { $0 == x ? 1 : 0 } }
        let numerator = points.reduce(1) { GaloisField.product($0, x ^ $1) }
        return zip(points, denominators).map { own, denominator in
            GaloisField.quotient(numerator, GaloisField.product(x ^ own, denominator))
        }
    }
}
