import Kernels

/// A family of C kernels. Levels are ordered: a machine that runs one runs all below it.
package enum KernelLevel: Int32, CaseIterable, Comparable, Sendable {
    /// Plain C.
    case portable
    /// Eight chunks at once.
    case avx2
    /// Sixteen chunks at once.
    case avx512

    /// The highest level this machine runs.
    package static let best = KernelLevel(rawValue: storj_kernels_best_level()) ?? .portable

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
