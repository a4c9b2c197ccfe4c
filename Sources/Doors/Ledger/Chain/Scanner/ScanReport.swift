/// How a chain is read.
package struct ScannerSettings: Hashable, Sendable {
    /// The first block that can hold something: where the contract was made.
    package var start: UInt64 = 0
    /// Blocks in the first question.
    package var firstRange: UInt64 = 2000
    /// Blocks in a question at most.
    package var maximumRange: UInt64 = 10_000
    /// Newest blocks whose hashes are kept one by one: reorganisations so deep are followed exactly.
    package var keptBlocks: UInt64 = 64
    /// Rounds that may be spoilt by a chain that changes meanwhile.
    package var attempts = 5

    /// What programs begin with.
    package init() {}
}

/// What a round of reading brought.
package struct ScanReport: Hashable, Sendable {
    /// The newest block that was read.
    package var head: UInt64
    /// Blocks read in this round.
    package var blockCount: UInt64 = 0
    /// Lines found.
    package var added = 0
    /// Lines taken back.
    package var retracted = 0
    /// Whether the chain changed deeper than is kept: all was read anew, and an operator should know.
    package var wasDeep = false

    /// Nothing.
    package init(head: UInt64) { self.head = head }
}

/// Something a scanner learnt.
package struct LogChange: Hashable, Sendable {
    /// Its place in the scanner's sequence.
    package let position: Int64
    /// Whether the line is there now, or gone.
    package let isAdded: Bool
    /// Whether the line was still there when this was read.
    package let isLive: Bool
    package let log: ChainLog
    /// The block's time, seconds since 1970.
    package let time: UInt64
    /// Which of its transaction's lines that were read, from 0.
    package let ordinal: UInt32
}
