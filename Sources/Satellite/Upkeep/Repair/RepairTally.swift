import StorageModel
import Synchronization

/// Counts what repairs do.
final class RepairTally: Sendable {
    private struct State {
        var totals = RepairTotals()
        var running: [SegmentPlace: RunningRepair] = [:]
        var problems: [RepairProblem] = []
        /// Repaired segments and bytes moved, by the ten seconds in which that was noted, newest last.
        var slots: [(number: Int64, segments: Int, bytes: Int64)] = []
    }

    private static let problemCapacity = 20
    private static let slotLength: Int64 = 10
    /// Slots over which speed is measured.
    private static let slotCapacity = 30

    private let state: Mutex<State>

    init(start: Timestamp) {
        var state = State()
        state.totals.start = start
        self.state = Mutex(state)
    }

    /// Segments under repair.
    var running: [RunningRepair] { state.withLock { $0.running.values.sorted { $0.start < $1.start } } }

    /// Claims a segment; false when somebody has it already.
    func begin(_ place: SegmentPlace, at now: Timestamp) -> Bool {
        state.withLock { state in
            guard state.running[place] == nil else { return false }
            state.running[place] = RunningRepair(place: place, start: now, step: .starting)
            return true
        }
    }

    func step(_ place: SegmentPlace, _ step: RepairStep) {
        state.withLock { $0.running[place]?.step = step }
    }

    /// Lets go of a segment whose repair was cut short.
    func abandon(_ place: SegmentPlace) {
        state.withLock { $0.running[place] = nil }
    }

    func received(_ bytes: Int64) { state.withLock { $0.totals.receivedBytes += bytes } }

    func sent(_ bytes: Int64) { state.withLock { $0.totals.sentBytes += bytes } }

    /// Lets go of a segment and counts how it went.
    func end(_ place: SegmentPlace, _ outcome: RepairOutcome, at now: Timestamp) {
        state.withLock { state in
            state.running[place] = nil
            var isRepaired = false
            switch outcome {
            case .gone: state.totals.spuriousSegments += 1
            case .notNeeded(let removed):
                state.totals.spuriousSegments += 1
                state.totals.removedPieces += removed
            case .repaired(let pieces):
                isRepaired = true
                if pieces.needsMore {
                    state.totals.partlyRepairedSegments += 1
                } else {
                    state.totals.repairedSegments += 1
                }
                state.totals.addedPieces += pieces.added
                state.totals.removedPieces += pieces.removed
                state.totals.badPieces += pieces.bad
            default: state.totals.failedAttempts += 1
            }
            Self.note(isRepaired ? 1 : 0, in: &state, at: now)
            if let problem = outcome.problem {
                state.problems.insert(RepairProblem(place: place, time: now, text: problem), at: 0)
                if state.problems.count > Self.problemCapacity { state.problems.removeLast() }
            }
        }
    }

    private static func note(_ segments: Int, in state: inout State, at now: Timestamp) {
        let number = now.seconds / slotLength
        let bytes = state.totals.receivedBytes + state.totals.sentBytes
        if state.slots.last?.number == number {
            state.slots[state.slots.count - 1].segments += segments
            state.slots[state.slots.count - 1].bytes = bytes
        } else {
            state.slots.append((number, segments, bytes))
            if state.slots.count > slotCapacity { state.slots.removeFirst() }
        }
    }

    /// Fills in what is counted here.
    func fill(_ status: inout RepairStatus) {
        state.withLock { state in
            status.totals = state.totals
            status.running = state.running.values.sorted { $0.start < $1.start }
            status.recentProblems = state.problems
            guard let first = state.slots.first, let last = state.slots.last else { return }
            let seconds = Double((last.number - first.number + 1) * Self.slotLength)
            status.segmentsPerSecond = Double(state.slots.reduce(0) { $0 + $1.segments }) / seconds
            status.bytesPerSecond = Double(last.bytes - first.bytes) / seconds
        }
    }
}
