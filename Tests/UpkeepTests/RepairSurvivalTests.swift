import Testing

import Upkeep

@Suite struct RepairSurvivalTests {
    private func days(_ healthy: Int, of nodes: Int = 1000, k: Int = 29, forcing: Int = 0) -> Double {
        SegmentSurvival.days(
            healthyCount: healthy, requiredCount: k, nodeCount: nodes, dailyFailureRate: 0.00005435,
            forcingCount: forcing)
    }

    @Test func `the formula gives what one computes by hand`() {
        // r = 7, K = 965: draws = 7 × 965 / 36 + 7 = 194.638…; 0.05435 losses a day.
        #expect(abs(days(35) - 3581.2) < 0.1)
    }

    @Test func `every healthy piece more makes it live longer`() {
        for healthy in 29..<80 { #expect(days(healthy + 1) > days(healthy)) }
    }

    @Test func `what cannot be restored comes first`() {
        #expect(days(28) == 0 && days(0) == 0)
        #expect(days(29) > 0)
    }

    @Test func `odd networks give numbers all the same`() {
        for (healthy, nodes) in [(0, 0), (5, 0), (80, 80), (80, 10), (1, 1)] {
            let value = days(healthy, of: nodes, k: 1)
            #expect(value.isFinite && value >= 0)
        }
    }

    @Test func `pieces that must move bring a healthy segment forward, the more the sooner`() {
        #expect(days(80) > 5385)
        #expect(days(80, forcing: 1) < 5385)
        #expect(days(80, forcing: 5) < days(80, forcing: 1))
        #expect(days(0, of: 1000, k: 29, forcing: 80) == 0)
        for forcing in 1...80 { #expect(days(80, forcing: forcing) >= 3154) }
    }

    @Test func `a segment in danger does not wait because pieces must move`() {
        #expect(days(30, forcing: 3) == days(30))
    }
}
