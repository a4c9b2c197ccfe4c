import Ledger
import Synchronization

/// A disk in memory without faults, for tests about what is written rather than whether it stays.
final class MemoryLedgerDisk: LedgerDisk {
    private let files = Mutex<[String: MemoryLedgerFile]>([:])

    func open(_ path: String) throws(LedgerError) -> any LedgerFile {
        files.withLock { files in
            let file = files[path] ?? MemoryLedgerFile()
            files[path] = file
            return file
        }
    }

    func openForReading(_ path: String) throws(LedgerError) -> any LedgerFile { try open(path) }

    func createFolder(_ path: String) throws(LedgerError) {}

    func synchronizeFolder(_ path: String) throws(LedgerError) {}
}

private final class MemoryLedgerFile: LedgerFile {
    private let bytes = Mutex<[UInt8]>([])

    func size() throws(LedgerError) -> UInt64 { bytes.withLock { UInt64($0.count) } }

    func read(at offset: UInt64, count: Int) throws(LedgerError) -> [UInt8] {
        bytes.withLock { Array($0.dropFirst(Int(offset)).prefix(count)) }
    }

    func write(_ new: [UInt8], at offset: UInt64) throws(LedgerError) {
        bytes.withLock { bytes in
            let end = Int(offset) + new.count
            if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
            bytes.replaceSubrange(Int(offset)..<end, with: new)
        }
    }

    func truncate(to size: UInt64) throws(LedgerError) {
        bytes.withLock { $0 = Array($0.prefix(Int(size))) }
    }

    func synchronize() throws(LedgerError) {}
}
