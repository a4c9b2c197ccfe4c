import StorageModel
import Testing
import Upkeep

@Suite struct GarbageCautionTests {
    private let settings = GarbageSettings()
    private let start = Timestamp(microseconds: 1_767_225_600_000_000)

    private func later(_ hours: Int) -> Timestamp { start.advanced(by: .seconds(hours * 3600)) }

    @Test func `nothing seen and nothing remembered sends nothing`() {
        var caution = GarbageCaution()
        let verdict1 = caution.judge(seen: 0, newest: nil, start: start, settings)
        #expect(verdict1 == .nothing)
        let verdict2 = caution.judge(seen: 3, newest: start, start: later(1), settings)
        #expect(verdict2 == .send(created: start))
    }

    @Test func `far fewer segments are doubted for three days, then believed`() {
        var caution = GarbageCaution()
        _ = caution.judge(seen: 100, newest: start, start: start, settings)
        let verdict3 = caution.judge(seen: 50, newest: start, start: later(1), settings)
        #expect(verdict3 == .send(created: start))
        for hour in [24, 48, 95] {
            let verdict4 = caution.judge(seen: 20, newest: start, start: later(hour), settings)
            #expect(verdict4 == .doubted(seen: 20, before: 50))
        }
        let verdict5 = caution.judge(seen: 20, newest: start, start: later(96), settings)
        #expect(verdict5 == .send(created: start))
        #expect(caution.segmentCount == 20)
        #expect(caution.doubtedSince == nil)
    }

    @Test func `a doubt that was wrong is forgotten`() {
        var caution = GarbageCaution()
        _ = caution.judge(seen: 100, newest: start, start: start, settings)
        let verdict6 = caution.judge(seen: 1, newest: start, start: later(1), settings)
        #expect(verdict6 == .doubted(seen: 1, before: 100))
        let verdict7 = caution.judge(seen: 99, newest: start, start: later(2), settings)
        #expect(verdict7 == .send(created: start))
        let verdict8 = caution.judge(seen: 1, newest: start, start: later(100), settings)
        #expect(verdict8 == .doubted(seen: 1, before: 99))
    }

    @Test func `the newest segment is remembered when it is deleted`() {
        var caution = GarbageCaution()
        _ = caution.judge(seen: 10, newest: later(5), start: later(6), settings)
        let verdict9 = caution.judge(seen: 9, newest: start, start: later(7), settings)
        #expect(verdict9 == .send(created: later(5)))
    }

    @Test func `a segment from the future does not make the pieces of today old`() {
        var caution = GarbageCaution()
        let verdict10 = caution.judge(seen: 1, newest: later(10_000), start: start, settings)
        #expect(verdict10 == .send(created: start))
    }

    @Test func `after a long silence nothing is sent for a while`() {
        var caution = GarbageCaution()
        caution.wake(at: start, settings)
        var first = caution
        let held11 = first.isHeld(at: start, settings)
        #expect(!held11)
        caution.wake(at: later(12), settings)
        #expect(caution.heldUntil == nil)
        caution.wake(at: later(25), settings)
        #expect(caution.heldUntil == later(25 + 72))
        let held12 = caution.isHeld(at: later(96), settings)
        #expect(held12)
        var over = caution
        let held13 = over.isHeld(at: later(97), settings)
        #expect(!held13)
        #expect(over.heldUntil == nil)
        // A start in between does not prolong it: the satellite has noted that it lives.
        caution.wake(at: later(30), settings)
        #expect(caution.heldUntil == later(97))
    }

    @Test func `a clock that is turned back does not hold filters for ever`() {
        var caution = GarbageCaution()
        caution.wake(at: later(-100), settings)
        caution.wake(at: later(10_000), settings)
        let held14 = caution.isHeld(at: start, settings)
        #expect(held14)
        #expect(caution.heldUntil == later(72))
        caution.wake(at: start, settings)
        let held15 = caution.isHeld(at: later(72), settings)
        #expect(!held15)
    }
}
