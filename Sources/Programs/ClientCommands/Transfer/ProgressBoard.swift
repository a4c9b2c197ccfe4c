import Synchronization
package import Uplink

/// Where the transfers of a command write down how far they are, and the display reads it.
package final class ProgressBoard: Sendable {
    /// One transfer's line on the board.
    package final class Entry: Sendable {
        private let board: ProgressBoard
        /// What this transfer has told the board so far.
        private let told = Mutex((done: Int64(0), resumed: Int64(0)))
        private let isSizeKnown: Atomic<Bool>

        fileprivate init(board: ProgressBoard, isSizeKnown: Bool) {
            self.board = board
            self.isSizeKnown = Atomic(isSizeKnown)
        }

        /// Takes note of what the library tells.
        package func update(_ progress: TransferProgress) {
            if let total = progress.total { resolve(size: total) }
            update(done: progress.bytes, resumed: progress.resumed)
        }

        /// Takes note of a size that was not known when the file was found.
        private func resolve(size: Int64) {
            guard !isSizeKnown.exchange(true, ordering: .relaxed) else { return }
            board.state.withLock {
                $0.bytesTotal += size
                $0.unknownSizes -= 1
            }
        }

        /// Takes note of how far the transfer is; totals, not differences.
        package func update(done: Int64, resumed: Int64 = 0) {
            let (more, moreResumed) = told.withLock { told in
                defer { told = (done, resumed) }
                return (done - told.done, resumed - told.resumed)
            }
            guard more != 0 || moreResumed != 0 else { return }
            board.state.withLock {
                $0.bytesDone += more
                $0.bytesResumed += moreResumed
            }
        }

        /// Takes note of the end of the transfer, with the bytes it really had.
        package func succeed(size: Int64) {
            resolve(size: size)
            update(done: size, resumed: told.withLock { min($0.resumed, size) })
            board.state.withLock { $0.filesDone += 1 }
        }

        /// Takes note that the transfer failed; its bytes count no more.
        package func fail() {
            update(done: 0)
            board.state.withLock { $0.filesFailed += 1 }
        }

        /// Bytes that have arrived, those of an earlier run among them.
        package var bytesDone: Int64 { told.withLock { $0.done } }
        /// Bytes that this run has moved for this transfer.
        package var bytesMoved: Int64 { told.withLock { $0.done - $0.resumed } }
        /// Bytes that an earlier run had moved.
        package var bytesResumed: Int64 { told.withLock { $0.resumed } }
    }

    private let state = Mutex(ProgressSnapshot())

    /// An empty board.
    package init() {}

    /// How far things are.
    package var snapshot: ProgressSnapshot { state.withLock { $0 } }

    /// Takes note of a file to transfer.
    package func found(size: Int64?) {
        state.withLock {
            $0.filesTotal += 1
            if let size { $0.bytesTotal += size } else { $0.unknownSizes += 1 }
        }
    }

    /// Takes note of something that failed before it became a transfer.
    package func failedBeforehand() {
        state.withLock { $0.filesFailed += 1 }
    }

    /// Takes note that all files have been found.
    package func listingIsComplete() {
        state.withLock { $0.isListingComplete = true }
    }

    /// A line for a transfer that begins.
    ///
    /// - Parameter size: as it was when the file was found.
    package func begin(size: Int64?) -> Entry { Entry(board: self, isSizeKnown: size != nil) }
}
