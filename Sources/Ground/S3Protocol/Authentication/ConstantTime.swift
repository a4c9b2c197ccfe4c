/// Comparisons whose duration says nothing of where two texts differ.
enum ConstantTime {
    /// Whether two byte strings are equal; only their lengths show in the time it takes.
    static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
