import Foundation

/// The vertical axis: from 0 to a round number, in a few round steps.
struct ChartScale {
    let top: Double
    let ticks: [Double]

    /// - Parameter isWhole: whether only whole numbers are values.
    init(maximum: Double, isWhole: Bool = false) {
        guard maximum.isFinite, maximum > 0 else {
            // Where there is nothing, steps would only repeat a rounded 0 and 1.
            (top, ticks) = (1, [0])
            return
        }
        let rough = maximum / 4
        let power = pow(10, floor(log10(rough)))
        let steps = (isWhole && power < 10 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).map { $0 * power }
        let step = max(isWhole ? 1 : 0, steps.first { $0 >= rough } ?? 10 * power)
        let count = Int((maximum / step).rounded(.up))
        ticks = (0...max(1, count)).map { Double($0) * step }
        top = ticks.last ?? 1
    }
}
