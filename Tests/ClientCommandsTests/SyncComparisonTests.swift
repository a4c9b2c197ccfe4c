import ClientCommands
import Testing

@Suite struct SyncComparisonTests {
    private func time(_ seconds: Int64, _ nanoseconds: Int32 = 0) -> FileTime { FileTime(seconds: seconds, nanoseconds: nanoseconds) }

    @Test func `size and time decide`() {
        let source = SyncComparison.Facts(size: 5, modified: time(100, 7))
        #expect(!SyncComparison.modified.differs(source, .init(size: 5, modified: time(100, 7))))
        #expect(SyncComparison.modified.differs(source, .init(size: 6, modified: time(100, 7))))
        #expect(SyncComparison.modified.differs(source, .init(size: 5, modified: time(99))))
        #expect(SyncComparison.modified.differs(source, .init(size: 5, modified: time(101))))
        #expect(!SyncComparison.size.differs(source, .init(size: 5, modified: time(0))))
        #expect(SyncComparison.size.differs(source, .init(size: 4, modified: time(100, 7))))
    }

    @Test func `an object of unknown time is due when the source came later`() {
        let object = SyncComparison.Facts(size: 5, modified: nil, stored: time(200))
        #expect(!SyncComparison.modified.differs(.init(size: 5, modified: time(100)), object))
        #expect(SyncComparison.modified.differs(.init(size: 5, modified: time(300)), object))
        #expect(!SyncComparison.modified.differs(object, .init(size: 5, modified: time(300), stored: time(300))))
        #expect(SyncComparison.modified.differs(object, .init(size: 5, modified: time(100), stored: time(100))))
        #expect(SyncComparison.modified.differs(.init(size: 5, modified: nil), .init(size: 5, modified: nil)))
    }

    @Test func `what only the target has is surplus`() {
        let facts = SyncComparison.Facts(size: 1, modified: time(1))
        var ledger = SyncLedger(
            targets: [RelativeName("same"): facts, RelativeName("gone"): facts, RelativeName("old"): facts, RelativeName("blocked"): facts],
            comparison: .modified)
        let isSameDue = ledger.take(RelativeName("same"), facts)
        let isOldDue = ledger.take(RelativeName("old"), .init(size: 1, modified: time(2)))
        let isNewDue = ledger.take(RelativeName("new"), facts)
        #expect(!isSameDue && isOldDue && isNewDue)
        ledger.keep(RelativeName("blocked"))
        #expect(ledger.surplus == [RelativeName("gone")])
    }
}
