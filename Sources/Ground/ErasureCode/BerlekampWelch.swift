/// Finds the polynomial through most of a set of points, some of which lie (Welch and Berlekamp 1986).
///
/// With r points and degree below k it tolerates e = (r − k) / 2 errors: there are a monic E of degree e that is zero
/// at the errors and a Q of degree below e + k with Q(x) = y · E(x) at every point. That is a linear system, and Q / E
/// is the answer.
///
/// - Source: protocol document 1 §7.4.
struct BerlekampWelch {
    /// Where the shares lie, all distinct.
    let points: [UInt8]
    /// k: the number of coefficients wanted.
    let requiredShares: Int

    /// e: how many values may be wrong.
    var correctableErrors: Int { max(0, (points.count - requiredShares) / 2) }

    /// The right value at every point.
    ///
    /// - Parameter values: what the shares say, in the order of `points`.
    /// - Throws: `tooManyErrors` when no polynomial is within reach.
    func correct(_ values: [UInt8]) throws(ErasureCodeError) -> [UInt8] {
        guard let solution = solve(equations(values)) else { throw .tooManyErrors }
        let locator = Array(solution.prefix(correctableErrors)) + [1]
        let product = Array(solution.dropFirst(correctableErrors))
        guard let polynomial = quotient(product, by: locator) else { throw .tooManyErrors }
        return points.map { evaluate(polynomial, at: $0) }
    }

    /// One row a point: the unknown coefficients of E, those of Q, and the right-hand side y · x^e.
    private func equations(_ values: [UInt8]) -> [[UInt8]] {
        zip(points, values).map { x, y in
            let powers = powers(of: x, count: correctableErrors + requiredShares)
            let locatorPart = powers.prefix(correctableErrors).map { GaloisField.product(y, $0) }
            let top = correctableErrors == 0 ? 1 : GaloisField.product(powers[correctableErrors - 1], x)
            return locatorPart + powers + [GaloisField.product(y, top)]
        }
    }

    private func powers(of x: UInt8, count: Int) -> [UInt8] {
        var powers: [UInt8] = [1]
        while powers.count < count { powers.append(GaloisField.product(powers[powers.count - 1], x)) }
        return powers
    }

    /// A solution by elimination, free unknowns set to zero; nil when the rows contradict each other.
    ///
    /// With fewer errors than e there are many solutions, and each has the same quotient.
    private func solve(_ equations: [[UInt8]]) -> [UInt8]? {
        let unknownCount = 2 * correctableErrors + requiredShares
        var rows = equations
        var pivots: [Int] = []
        for unknown in 0..<unknownCount {
            let next = pivots.count
            guard let found = rows.indices.dropFirst(next).first(where: { rows[$0][unknown] != 0 }) else { continue }
            rows.swapAt(next, found)
            eliminate(unknown, with: next, in: &rows)
            pivots.append(unknown)
        }
        // A row without unknowns must say 0 = 0.
        guard rows.dropFirst(pivots.count).allSatisfy({ $0[unknownCount] == 0 }) else { return nil }
        var solution = [UInt8](repeating: 0, count: unknownCount)
        for (row, unknown) in pivots.enumerated() { solution[unknown] = rows[row][unknownCount] }
        return solution
    }

    /// Makes the pivot one and everything else in its column zero.
    private func eliminate(_ unknown: Int, with pivot: Int, in rows: inout [[UInt8]]) {
        let scale = rows[pivot][unknown]
        let normal = rows[pivot].map { GaloisField.quotient($0, scale) }
        rows[pivot] = normal
        for index in rows.indices where index != pivot {
            let factor = rows[index][unknown]
            guard factor != 0 else { continue }
            for column in unknown..<normal.count {
                rows[index][column] ^= GaloisField.product(factor, normal[column])
            }
        }
    }

    /// `dividend / divisor`, lowest coefficient first; nil when there is a remainder.
    ///
    /// - Parameter divisor: monic.
    private func quotient(_ dividend: [UInt8], by divisor: [UInt8]) -> [UInt8]? {
        var remainder = dividend
        let degree = divisor.count - 1
        var quotient = [UInt8](repeating: 0, count: dividend.count - degree)
        for power in quotient.indices.reversed() {
            let factor = remainder[power + degree]
            quotient[power] = factor
            for (index, coefficient) in divisor.enumerated() {
                remainder[power + index] ^= GaloisField.product(factor, coefficient)
            }
        }
        return remainder.allSatisfy { $0 == 0 } ? quotient : nil
    }

    private func evaluate(_ polynomial: [UInt8], at x: UInt8) -> UInt8 {
        polynomial.reversed().reduce(0) { GaloisField.product($0, x) ^ $1 }
    }
}
