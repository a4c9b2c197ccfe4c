import Foundation

/// The vertical axis: from 0 to a round number, in a few round steps.
struct ChartScale {
    let top: Double
    let ticks: [Double]

    init(maximum: Double) {
        guard maximum.isFinite, maximum > 0 else {
            // Where there is nothing, steps would only repeat a rounded 0 and 1.
            (top, ticks) = (1, [0])
            return
        }
        let rough = maximum / 4
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        let count = Int((maximum / step).rounded(.up))
        ticks = (0...max(1, count)).map { Double($0) * step }
        top = ticks.last ?? 1
    }
}
