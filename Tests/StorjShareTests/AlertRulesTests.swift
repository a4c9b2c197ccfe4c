import StorageModel
import StorjShare
import Testing

@Suite struct AlertRulesTests {
    private static let node = NodeID(Array(repeating: 7, count: 32))!
    private static let full = HealthFinding("disk/full", .warning, "There is no room.", advice: "Make some.", path: "/space")
    private static let away = HealthFinding("check-in/x", .broken, "x cannot reach this node.", advice: "Open the port.", path: "/")
    private static let note = HealthFinding("disk/low", .notice, "Little is left.", advice: "", path: "/space")

    /// What is told at each look, a minute apart, as `occasion kind`.
    private static func told(_ looks: [[HealthFinding]], apart: Duration = .seconds(60)) -> [[String]] {
        var standing: [AlertRules.Standing] = []
        var now = Timestamp(microseconds: 1_800_000_000_000_000)
        return looks.map { findings in
            let (next, messages) = AlertRules.judge(findings, standing: standing, node: node, at: now)
            standing = next
            now = now.advanced(by: apart)
            return messages.map { "\($0.occasion.rawValue) \($0.kind)" }
        }
    }

    @Test func `what lasts for two looks is told once, and its end too`() {
        #expect(
            Self.told([[Self.full], [Self.full], [Self.full], [], [], []]) == [
                [], ["began disk/full"], [], [], ["ended disk/full"], [],
            ])
    }

    @Test func `what is gone at the next look is not told`() {
        #expect(Self.told([[Self.full], [], [Self.full], [], []]) == [[], [], [], [], []])
    }

    @Test func `what is away for one look only has not ended`() {
        #expect(Self.told([[Self.full], [Self.full], [], [Self.full], [Self.full]]) == [[], ["began disk/full"], [], [], []])
    }

    @Test func `what lasts is told again once a day`() {
        let looks = Array(repeating: [Self.full], count: 6)
        #expect(
            Self.told(looks, apart: .seconds(12 * 3600)) == [
                [], ["began disk/full"], [], ["lasts disk/full"], [], ["lasts disk/full"],
            ])
    }

    @Test func `what becomes worse is told at once`() {
        let worse = HealthFinding("disk/full", .broken, "The disk is gone.", advice: "", path: "/space")
        #expect(Self.told([[Self.full], [Self.full], [worse], [worse]]) == [[], ["began disk/full"], ["began disk/full"], []])
    }

    @Test func `notices are not told, and two things are told apart`() {
        #expect(
            Self.told([[Self.away, Self.full, Self.note], [Self.away, Self.full, Self.note]]) == [
                [], ["began check-in/x", "began disk/full"],
            ])
    }
}
