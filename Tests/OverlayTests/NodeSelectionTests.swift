import Overlay
import StorageModel
import TestSupport
import Testing

@Suite struct NodeSelectionTests {
    private let now = TestClock().now
    private let random = RandomSource.seeded(7)

    private func node(_ number: Int, net: String? = nil, vetted: Bool = true, freeDisk: Int64 = 1 << 40) -> NodeRecord {
        var id = [UInt8](repeating: 0, count: 32)
        id[0] = UInt8(truncatingIfNeeded: number >> 8)
        id[1] = UInt8(truncatingIfNeeded: number)
        id[2] = 1
        let text = "192.0.2.1:\(number)"
        let address = NodeAddress(reported: text, lastIPPort: text, lastNet: net ?? text)
        var record = NodeRecord(id: NodeID(id) ?? NodeID(), address: address, createdAt: now)
        record.freeDisk = freeDisk
        record.lastContactSuccess = now
        record.vettedAt = vetted ? now : nil
        return record
    }

    private func select(
        _ count: Int, from nodes: [NodeRecord], settings: OverlaySettings = OverlaySettings(),
        excluded: Set<NodeID> = [], usedPlaces: Set<String> = [], score: @escaping (NodeID) -> Double? = { _ in nil }
    ) throws -> [SelectedNode] {
        let candidates = UploadCandidates(nodes, settings: settings, now: now)
        var selection = NodeSelection(
            candidates: candidates, settings: settings, excluded: excluded, usedPlaces: usedPlaces, random: random,
            score: score)
        return try selection.select(count)
    }

    @Test func `ten nodes serve a segment of ten pieces, vetted or not`() throws {
        for vetted in [true, false] {
            let nodes = (0..<10).map { node($0, vetted: vetted) }
            let chosen = try select(10, from: nodes)
            #expect(Set(chosen.map(\.id)) == Set(nodes.map(\.id)))
        }
    }

    @Test func `a mixed network of exactly n nodes serves n pieces`() throws {
        let nodes = (0..<10).map { node($0, vetted: $0 % 3 == 0) }
        for _ in 0..<50 { #expect(Set(try select(10, from: nodes).map(\.id)).count == 10) }
    }

    @Test func `too few nodes are an error that tells how many there are`() {
        let nodes = (0..<9).map { node($0) }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 10, found: 9)) { try select(10, from: nodes) }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 1, found: 0)) { try select(1, from: []) }
    }

    @Test func `a place gets one piece however many nodes it has`() throws {
        let nodes = (0..<100).map { node($0, net: $0 < 90 ? "crowd" : "net-\($0)") }
        for _ in 0..<20 {
            let chosen = try select(11, from: nodes)
            #expect(Set(chosen.map(\.lastNet)).count == 11)
        }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 12, found: 11)) { try select(12, from: nodes) }
    }

    @Test func `a crowded place is chosen no more often than a place with one node`() throws {
        let nodes = (0..<100).map { node($0, net: $0 < 91 ? "crowd" : "net-\($0)") }
        var crowd = 0
        for _ in 0..<1000 where try select(1, from: nodes)[0].lastNet == "crowd" { crowd += 1 }
        #expect((50...160).contains(crowd), "one place of ten, seen \(crowd) times in 1000")
    }

    @Test func `excluded nodes and used places stay out`() throws {
        let nodes = (0..<12).map { node($0, net: "net-\($0 / 2)") }
        let excluded = Set(nodes.prefix(1).map(\.id))
        for _ in 0..<50 {
            let chosen = try select(5, from: nodes, excluded: excluded, usedPlaces: ["net-5"])
            #expect(!chosen.contains { excluded.contains($0.id) || $0.lastNet == "net-5" })
            #expect(chosen.contains { $0.id == nodes[1].id })
        }
    }

    @Test func `few unvetted nodes are chosen while vetted ones suffice`() throws {
        let nodes = (0..<200).map { node($0, vetted: $0 < 100) }
        var unvetted = 0
        for _ in 0..<200 {
            unvetted += try select(10, from: nodes).filter { chosen in nodes[100...].contains { $0.id == chosen.id } }
                .count
        }
        #expect((1...60).contains(unvetted), "1 % of 2000, seen \(unvetted)")
    }

    @Test func `of two candidates the one with the better record is kept, and unknown ones get a chance`() throws {
        let nodes = (0..<40).map { node($0) }
        let good = Set(nodes[..<20].map(\.id))
        var chosenGood = 0
        for _ in 0..<100 {
            chosenGood += try select(10, from: nodes) { good.contains($0) ? 0.9 : 0.1 }.count { good.contains($0.id) }
        }
        #expect(chosenGood > 650, "without records 500 of 1000, seen \(chosenGood)")
        var chosenNew = 0
        for _ in 0..<100 {
            chosenNew += try select(10, from: nodes) { good.contains($0) ? nil : 1 }.count { good.contains($0.id) }
        }
        #expect(chosenNew > 650, "without records 500 of 1000, seen \(chosenNew)")
    }

    @Test func `full, silent, suspended, leaving and disqualified nodes get no new pieces`() throws {
        var nodes = (0..<8).map { node($0) }
        nodes[0].freeDisk = OverlaySettings().minimumFreeDisk - 1
        nodes[1].lastContactSuccess = now.advanced(by: .seconds(-4 * 3600))
        nodes[2].unknownAuditSuspendedAt = now
        nodes[3].offlineSuspendedAt = now
        nodes[4].exitInitiatedAt = now
        nodes[5].disqualifiedAt = now
        nodes[6].lastContactSuccess = nil
        #expect(try select(1, from: nodes).map(\.id) == [nodes[7].id])
        #expect(throws: OverlayError.self) { try select(2, from: nodes) }
    }

    @Test func `a minimum version asks for release builds of at least that version`() throws {
        var settings = OverlaySettings()
        settings.minimumVersion = NodeVersion(major: 1, minor: 100, patch: 0)
        var nodes = (0..<3).map { node($0) }
        nodes[0].version = NodeVersion(major: 1, minor: 100, patch: 0)
        nodes[1].version = NodeVersion(major: 1, minor: 99, patch: 9)
        nodes[1].version.isRelease = true
        nodes[2].version = NodeVersion(major: 1, minor: 101, patch: 0)
        nodes[2].version.isRelease = true
        #expect(try select(1, from: nodes, settings: settings).map(\.id) == [nodes[2].id])
        #expect(throws: OverlayError.self) { try select(2, from: nodes, settings: settings) }
    }
}
