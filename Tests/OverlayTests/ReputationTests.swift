import Overlay
import StorageModel
import TestSupport
import Testing

@Suite struct ReputationTests {
    private let clock = TestClock()
    private let settings = ReputationSettings()

    private func apply(_ outcome: AuditOutcome, _ count: Int, to reputation: inout Reputation) {
        for _ in 0..<count { reputation.apply(outcome, at: clock.now, settings: settings) }
    }

    @Test func `a new node is trusted`() {
        let reputation = Reputation()
        #expect(reputation.audit.alpha == 1000)
        #expect(reputation.audit.beta == 0)
        #expect(reputation.audit.score == 1)
        #expect(reputation.unknown.alpha == 1)
        #expect(reputation.unknown.score == 1)
        #expect(reputation.history.score == 1)
    }

    @Test func `many equal outcomes follow the closed form`() {
        var reputation = Reputation()
        apply(.failure, 20, to: &reputation)
        var decay = 1.0
        for _ in 0..<20 { decay *= 0.999 }
        #expect(abs(reputation.audit.alpha - 1000 * decay) < 1e-9)
        #expect(abs(reputation.audit.beta - (1 - decay) / 0.001) < 1e-9)
        apply(.success, 20, to: &reputation)
        #expect(abs(reputation.audit.alpha - (1000 * decay * decay + (1 - decay) / 0.001)) < 1e-9)
    }

    @Test func `forty failures in a row are borne and the forty-first is too much`() {
        var reputation = Reputation()
        apply(.failure, 40, to: &reputation)
        #expect(reputation.audit.score > settings.disqualifyingScore)
        apply(.failure, 1, to: &reputation)
        #expect(reputation.audit.score <= settings.disqualifyingScore)
    }

    @Test func `outcomes touch only their own pair`() {
        var reputation = Reputation()
        apply(.unknown, 3, to: &reputation)
        #expect(reputation.audit == Reputation().audit)
        #expect(reputation.unknown.score < settings.suspendingScore)
        apply(.offline, 3, to: &reputation)
        #expect(reputation.audit == Reputation().audit)
        #expect(reputation.totalAudits == 6)
        #expect(reputation.successes == 0)
        #expect(reputation.history.windows.map(\.online) == [3])
        #expect(reputation.history.windows.map(\.total) == [6])
    }

    @Test func `a node that errs now and then stays above suspension, one that always errs does not come back`() {
        var reputation = Reputation()
        for _ in 0..<200 {
            apply(.success, 4, to: &reputation)
            apply(.unknown, 1, to: &reputation)
        }
        #expect(reputation.unknown.score > settings.suspendingScore)
        apply(.unknown, 30, to: &reputation)
        #expect(reputation.unknown.score < settings.suspendingScore)
    }

    @Test func `the online score is the mean over windows without the newest`() {
        var reputation = Reputation()
        for window in 0..<4 {
            apply(.success, 1 + window, to: &reputation)
            apply(.offline, 1, to: &reputation)
            clock.advance(by: settings.onlineWindowLength)
        }
        let expected = (1.0 / 2 + 2.0 / 3 + 3.0 / 4) / 3
        #expect(abs(reputation.history.score - expected) < 1e-12)
        #expect(!reputation.history.isComplete(settings))
    }

    @Test func `a history is complete after sixty windows and holds no more than that and the newest`() {
        var reputation = Reputation()
        for window in 0..<200 {
            #expect(reputation.history.isComplete(settings) == (window > 60), "\(window)")
            apply(.success, 1, to: &reputation)
            clock.advance(by: settings.onlineWindowLength)
        }
        #expect(reputation.history.windows.count == 61)
    }

    @Test func `windows older than the tracking period are forgotten, so that a pause of audits harms nobody`() {
        var reputation = Reputation()
        for _ in 0..<30 {
            apply(.offline, 1, to: &reputation)
            clock.advance(by: settings.onlineWindowLength)
        }
        clock.advance(by: .seconds(31 * 86400))
        apply(.success, 1, to: &reputation)
        #expect(reputation.history.windows.count == 1)
        #expect(reputation.history.score == 1)
    }

    @Test func `a clock that is set back opens no second history`() {
        var reputation = Reputation()
        apply(.success, 1, to: &reputation)
        clock.advance(by: .seconds(-90 * 86400))
        apply(.offline, 1, to: &reputation)
        #expect(reputation.history.windows.count == 1)
        #expect(reputation.history.windows.map(\.total) == [2])
    }

    @Test func `scores stay between nought and one whatever happens`() {
        var random = RandomSource.seeded(11)
        var reputation = Reputation()
        for _ in 0..<5000 {
            let outcome = AuditOutcome.allCases.randomElement(using: &random) ?? .success
            apply(outcome, 1, to: &reputation)
            clock.advance(by: .seconds(Int64.random(in: 0..<20_000, using: &random)))
            for score in [reputation.audit.score, reputation.unknown.score, reputation.history.score] {
                #expect((0...1).contains(score))
            }
        }
    }

    @Test func `a node that lost a twentieth of its pieces goes and one that lost a hundredth stays`() {
        for seed in 0..<20 as Range<UInt64> {
            var random = RandomSource.seeded(seed)
            var small = Reputation()
            var large = Reputation()
            var isGone = (small: false, large: false)
            for _ in 0..<5000 {
                let draw = Double.random(in: 0..<1, using: &random)
                apply(draw < 0.01 ? .failure : .success, 1, to: &small)
                apply(draw < 0.05 ? .failure : .success, 1, to: &large)
                isGone.small = isGone.small || small.audit.score <= settings.disqualifyingScore
                isGone.large = isGone.large || large.audit.score <= settings.disqualifyingScore
            }
            #expect(!isGone.small, "seed \(seed)")
            #expect(isGone.large, "seed \(seed)")
        }
    }
}
