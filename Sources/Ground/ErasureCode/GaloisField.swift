/// Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1; addition is exclusive or.
///
/// - Source: protocol document 1 §7.1.
enum GaloisField {
    /// The powers of the generator 2, twice, so that a sum of two logarithms needs no reduction.
    private static let exponentials: [UInt8] = {
        var powers: [UInt8] = []
        var power = 1
        for _ in 0..<255 {
            powers.append(UInt8(power))
            power = power << 1 ^ (power & 0x80 == 0 ? 0 : 0x11d)
        }
        return powers + powers
    }()

    /// The logarithm of every element but 0.
    private static let logarithms: [Int] = {
        var logarithms = [Int](repeating: 0, count: 256)
        for power in 0..<255 { logarithms[Int(exponentials[power])] = power }
        return logarithms
    }()

    /// The generator to a power in `0...254`.
    static func exponential(_ power: Int) -> UInt8 { exponentials[power] }

    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        left == 0 || right == 0 ? 0 : exponentials[logarithms[Int(left)] + logarithms[Int(right)]]
    }

    /// - Parameter divisor: not 0.
    static func quotient(_ number: UInt8, _ divisor: UInt8) -> UInt8 {
        precondition(divisor != 0, "nothing is divided by zero")
        return number == 0 ? 0 : exponentials[logarithms[Int(number)] + 255 - logarithms[Int(divisor)]]
    }
}
