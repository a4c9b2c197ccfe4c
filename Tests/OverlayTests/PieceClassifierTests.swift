import Overlay
import StorageModel
import TestSupport
import Testing

@Suite struct PieceClassifierTests {
    private let nodes: [NodeID]
    private var conditions: [NodeID: NodeCondition]

    init() {
        let random = RandomSource.seeded(5)
        nodes = (0..<8).map { _ in NodeID.random(using: random) }
        conditions = [:]
        for (index, node) in nodes.enumerated() {
            conditions[node] = NodeCondition(
                isMissing: false, isGone: false, isSuspended: false, isExiting: false, isContained: false,
                network: index, country: index < 4 ? "DE" : "US")
        }
    }

    private func states(
        of order: [Int], placement: Int32 = 0, rules: [Int32: PlacementRule] = [:]
    ) -> PieceStates {
        PieceClassifier(conditions: conditions, placements: rules)
            .classify(order.map { (number: $0 + 100, node: nodes[$0]) }, placement: placement)
    }

    private mutating func change(_ index: Int, _ body: (inout NodeCondition) -> Void) {
        conditions[nodes[index], default: .unknown] = {
            var condition = conditions[nodes[index], default: .unknown]
            body(&condition)
            return condition
        }()
    }

    @Test func `pieces on sound nodes in places of their own are healthy`() {
        let result = states(of: Array(0..<8))
        #expect(result.healthyCount == 8)
        #expect(result.retrievableCount == 8)
        #expect(result.forcingCount == 0)
        #expect(result.states.map(\.number) == (100..<108).map { $0 })
    }

    @Test mutating func `each trouble of a node has its state, and only missing nodes have nothing to fetch`() {
        change(0) { $0.isMissing = true }
        change(1) { ($0.isMissing, $0.isGone) = (true, true) }
        change(2) { $0.isSuspended = true }
        change(3) { $0.isExiting = true }
        change(4) { $0.isContained = true }
        let result = states(of: Array(0..<6))
        #expect(result.states.map(\.state) == [.offline, .lost, .suspended, .exiting, .healthy, .healthy])
        #expect(result.healthyCount == 2)
        #expect(result.retrievableCount == 4)
    }

    @Test func `a piece on a node nobody knows is lost`() {
        let classifier = PieceClassifier(conditions: [:])
        #expect(classifier.condition(of: nodes[0]).isGone)
        let result = classifier.classify([(number: 1, node: nodes[0])], placement: 0)
        #expect(result.states.map(\.state) == [.lost])
    }

    @Test mutating func `of two pieces in one place one counts, and a suspended one does not take the place`() {
        change(1) { $0.network = 0 }
        change(2) { ($0.network, $0.isSuspended) = (3, true) }
        let result = states(of: [0, 1, 2, 3])
        #expect(result.states.map(\.state) == [.healthy, .clumped, .suspended, .healthy])
        #expect(result.retrievableCount == 4)
        #expect(states(of: [1, 0]).states.map(\.state) == [.healthy, .clumped])
    }

    @Test mutating func `a placement's rule forces pieces out, unless they cannot be fetched anyway`() {
        var rule = PlacementRule()
        rule.countries = ["DE"]
        rule.excludedNodes = [nodes[0]]
        change(5) { $0.isMissing = true }
        let result = states(of: [0, 1, 4, 5], placement: 7, rules: [7: rule])
        #expect(result.states.map(\.state) == [.outOfPlacement, .healthy, .outOfPlacement, .offline])
        #expect(result.forcingCount == 2)
        #expect(result.retrievableCount == 3)
        #expect(states(of: [0, 1, 4], placement: 8, rules: [7: rule]).healthyCount == 3)
    }

    @Test func `a node in no known country is outside where countries are named, and inside where some are excluded`() {
        var named = PlacementRule()
        named.countries = ["DE"]
        #expect(!named.allows(nodes[0], country: ""))
        var excluding = PlacementRule()
        excluding.excludedCountries = ["US"]
        #expect(excluding.allows(nodes[0], country: ""))
        #expect(!excluding.allows(nodes[0], country: "US"))
    }
}
