import Foundation
import Subprocesses
import Testing

@Suite struct SubprocessTests {
    private static let shell = URL(filePath: "/bin/sh")

    @Test func `what a child prints is read, and how it ended is known`() throws {
        let output = Pipe()
        let child = try Subprocess(
            Self.shell, ["-c", "read word; echo \"$GREETING $word\"; exit 7"], environment: ["GREETING": "hello"],
            input: .null, output: .pipe(output))
        #expect(try output.fileHandleForReading.readToEnd() == Data("hello \n".utf8))
        #expect(child.wait() == 7)
        #expect(child.status == 7)
    }

    @Test func `a child reads what is written until the end`() throws {
        let (input, output) = (Pipe(), Pipe())
        let child = try Subprocess(URL(filePath: "/bin/cat"), input: .pipe(input), output: .pipe(output))
        try input.fileHandleForWriting.write(contentsOf: Data("both ways".utf8))
        try input.fileHandleForWriting.close()
        #expect(try output.fileHandleForReading.readToEnd() == Data("both ways".utf8))
        #expect(child.wait() == 0)
    }

    @Test func `a signal ends a child, and a second one reaches nobody`() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        let child = try Subprocess(URL(filePath: "/bin/sleep"), ["600"], input: .null) { end.yield($0) }
        #expect(child.status == nil)
        child.signal(SIGKILL)
        for await status in ends {
            #expect(status == SIGKILL)
            break
        }
        child.signal(SIGKILL)
        #expect(child.wait() == SIGKILL)
    }

    @Test func `a program that is not there says so`() {
        #expect(throws: Subprocess.Failure.self) { _ = try Subprocess(URL(filePath: "/no/such/program")) }
    }

    @Test func `a child has its three streams and none of our other descriptors, however many there are`() throws {
        // As many as Foundation's own way of starting programs could not count.
        let files = (0..<1500).map { _ in open("/dev/null", O_RDONLY) }.filter { $0 >= 0 }
        defer { for file in files { close(file) } }
        let output = Pipe()
        let child = try Subprocess(Self.shell, ["-c", "ls /proc/self/fd | wc -l"], input: .null, output: .pipe(output))
        // The three, and the one that lists them.
        #expect(try output.fileHandleForReading.readToEnd() == Data("4\n".utf8))
        #expect(child.wait() == 0)
    }
}
