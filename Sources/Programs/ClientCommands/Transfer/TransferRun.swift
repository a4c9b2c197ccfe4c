import Foundation
import Uplink

/// Runs the transfers of a command: one task finds them, others do them.
package struct TransferRun: Sendable {
    /// How many found transfers wait at most.
    private static let lookAhead = 4096

    private let options: TransferOptions
    private let worker: TransferWorker
    private let report: TransferReport
    private let board: ProgressBoard
    private let folders: LocalFolders

    /// A run.
    package init(
        options: TransferOptions, worker: TransferWorker, report: TransferReport, board: ProgressBoard, folders: LocalFolders
    ) {
        self.options = options
        self.worker = worker
        self.report = report
        self.board = board
        self.folders = folders
    }

    /// Does all that `find` emits, `options.transfers` at a time.
    ///
    /// - Throws: a failure that ends everything, when the output cannot be written, what `find` throws, `CancellationError`.
    package func run(
        find: @escaping @Sendable (_ emit: (TransferFinding) async throws -> Void) async throws -> Void
    ) async throws {
        let queue = LookAhead<Transfer>(capacity: Self.lookAhead)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await find { try await take($0, into: queue) }
                    board.listingIsComplete()
                    queue.finish()
                } catch {
                    queue.finish(error)
                    throw error
                }
            }
            for _ in 0..<options.transfers {
                group.addTask {
                    while let transfer = try await queue.next() { try await perform(transfer) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func take(_ finding: TransferFinding, into queue: LookAhead<Transfer>) async throws {
        switch finding {
        case .transfer(let transfer):
            board.found(size: transfer.bytesToMove)
            try await queue.put(transfer)
        case .folder(let path):
            do { if !options.isDryRun { try folders.make(path) } } catch {
                board.failedBeforehand()
                try report.failed(TransferRecord(.download, source: nil, target: path), CommandFailure(.failure, error.description))
            }
        case .skipped(let location, let reason):
            report.skipped(location, reason: reason)
        case .failed(let location, let error):
            board.failedBeforehand()
            try report.failed(TransferRecord(.init(options, location), source: location.description, target: ""), error)
        }
    }

    private func perform(_ transfer: Transfer) async throws {
        var record = TransferRecord(
            .init(options, transfer), source: transfer.source.description, target: transfer.target.description, size: transfer.size)
        let entry = board.begin(size: transfer.bytesToMove)
        if options.isDryRun {
            entry.succeed(size: 0)
            return try report.succeeded(record)
        }
        let start = ContinuousClock.now
        do {
            let size = try await worker.perform(transfer, entry)
            if transfer.direction == .copy { entry.succeed(size: 0) } else { entry.succeed(size: size ?? 0) }
            record.size = size
            record.note(entry, since: start)
        } catch {
            record.note(entry, since: start)
            if Task.isCancelled {
                // What has arrived is told in the summary; that it did not end is told by the command's end.
                throw CancellationError()
            }
            entry.fail()
            return try report.failed(record, Self.named(error, transfer))
        }
        try report.succeeded(record)
    }

    /// The error, saying which file or object it is about. The library's errors do so themselves.
    private static func named(_ error: any Error, _ transfer: Transfer) -> any Error {
        switch error {
        case is UplinkError, is CommandFailure, is CommandOutput.ReaderGone: error
        case let error as FileRefusal: CommandFailure(.failure, error.description)
        case is CancellationError: CommandFailure(.failure, "\(transfer.source): given up")
        default: CommandFailure(.failure, "\(transfer.source): \(error)")
        }
    }
}

extension TransferRecord {
    /// Takes note of bytes and time.
    fileprivate mutating func note(_ entry: ProgressBoard.Entry, since start: ContinuousClock.Instant) {
        bytesSent = entry.bytesMoved
        if entry.bytesResumed > 0 { bytesResumed = entry.bytesResumed }
        seconds = (ContinuousClock.now - start) / .seconds(1)
    }
}

extension TransferRecord.Action {
    fileprivate init(_ options: TransferOptions, _ transfer: Transfer) {
        if options.removesSource {
            self = .move
        } else {
            self =
                switch transfer.direction {
                case .upload: .upload
                case .download: .download
                case .copy: .copy
                }
        }
    }

    /// What would have been done with a source that cannot be had.
    fileprivate init(_ options: TransferOptions, _ source: Location) {
        self = options.removesSource ? .move : source.isRemote ? .download : .upload
    }
}
