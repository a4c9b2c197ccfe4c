internal import Glibc

/// A pipe or terminal that is read for an upload.
struct SourceStream: Sendable {
    /// How long a read waits before it looks whether anybody still wants it.
    private static let patienceMilliseconds: Int32 = 100

    /// What is read; stays open.
    let descriptor: Int32
    /// Where reading waits.
    let threads: FileThreads

    /// Fills a buffer, or reads up to the end.
    ///
    /// - Returns: how many bytes; less than the buffer holds only at the end.
    /// - Throws: ``UplinkError/Code/fileSystem``, `CancellationError`.
    func read(into buffer: ReadBuffer) async throws -> Int {
        var count = 0
        var isAtEnd = false
        while count < ReadBuffer.size, !isAtEnd {
            try Task.checkCancellation()
            let start = count
            let result = try await threads.run { try self.readSome(into: buffer, from: start) }
            count += result.count
            isAtEnd = result.isAtEnd
        }
        return count
    }

    /// Reads until the buffer is full, nothing has come for a while, or all has come; blocks, but not for ever.
    private func readSome(
        into buffer: ReadBuffer, from start: Int
    ) throws(UplinkError) -> (count: Int, isAtEnd: Bool) {
        var end = start
        while end < ReadBuffer.size {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = Glibc.poll(&poll, 1, Self.patienceMilliseconds)
            if ready == 0 || (ready < 0 && errno == EINTR) { break }
            guard ready > 0 else { throw UplinkError(file: "the input", doing: "read") }
            let result = Glibc.read(descriptor, buffer.bytes.baseAddress! + end, ReadBuffer.size - end)
            if result == 0 { return (end - start, true) }
            if result > 0 {
                end += result
            } else if errno != EINTR && errno != EAGAIN {
                throw UplinkError(file: "the input", doing: "read")
            }
        }
        return (end - start, false)
    }
}
