import PieceTransfer
import StorageModel
import TestSupport
import Testing

@Suite struct NodeBookTests {
    private let clock = TurnedClock()
    private let nodes: [NodeID] = {
        let random = RandomSource.seeded(3)
        return (0..<5).map { _ in .random(using: random) }
    }()

    private func order(_ book: NodeBook) -> [Int] { book.ordered([0, 1, 2, 3, 4]) { nodes[$0] } }

    @Test func `strangers stay in their order`() {
        #expect(order(NodeBook(clock: clock.transferClock)) == [0, 1, 2, 3, 4])
    }

    @Test func `who failed or was silent comes last, for a while`() {
        let book = NodeBook(clock: clock.transferClock)
        book.failed(nodes[0])
        book.stalled(nodes[2])
        #expect(order(book) == [1, 3, 4, 0, 2])
        #expect(book.isSuspect(nodes[2]))
        clock.advance(by: .seconds(31))
        #expect(!book.isSuspect(nodes[2]))
        #expect(order(book) == [0, 1, 2, 3, 4])
    }

    @Test func `a success clears a node`() {
        let book = NodeBook(clock: clock.transferClock)
        book.failed(nodes[0])
        book.succeeded(nodes[0], bytes: 1000, in: .seconds(1))
        #expect(order(book) == [0, 1, 2, 3, 4])
    }

    @Test func `a node much slower than the others comes after them`() {
        let book = NodeBook(clock: clock.transferClock)
        book.succeeded(nodes[0], bytes: 1000, in: .seconds(1))
        for node in nodes.dropFirst() { book.succeeded(node, bytes: 10_000, in: .seconds(1)) }
        #expect(order(book) == [1, 2, 3, 4, 0])
    }
}
