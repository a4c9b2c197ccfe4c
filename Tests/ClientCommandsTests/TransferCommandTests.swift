import ArgumentParser
import ClientCommands
import Testing
import Uplink

@Suite struct TransferCommandTests {
    @Test func `cp takes the flags of the Go tool`() throws {
        let command = try CopyCommand.parse([
            "-r", "a", "sj://b/p", "--transfers", "4", "-p", "8", "--dry-run", "--no-progress", "--expires", "+2h", "--metadata",
            #"{"a":"b"}"#, "--parallelism-chunk-size", "64MiB", "--access", "x",
        ])
        #expect(command.recursive)
        #expect(command.transfer.transfers == 4)
        #expect(command.transfer.parallelism == 8)
        #expect(command.transfer.dryRun)
        #expect(!command.transfer.progress)
        #expect(command.locations == [.local(path: "a"), .remote(RemotePath(bucket: "b", key: "p"))])
    }

    @Test(arguments: [
        ["sj://b/k"], ["-r", "sj://b", "x", "--range", "0-1"], ["a", "sj://b/k", "--range", "0-1"], ["sj://b/k", "a", "--expires", "+1h"],
        ["sj://b/k", "a", "--metadata", "a=b"], ["a", "sj://b", "-t", "0"], ["a", "sj://b", "-p", "0"], ["sj://b/k", "a", "--range", "x"],
        ["a", "sj://b", "--exclude", "["], ["a", "sj://b", "--resume-from", "many"], ["a", "s3://b/k"],
    ])
    func `cp refuses what makes no sense`(line: [String]) {
        #expect(throws: (any Error).self) { try CopyCommand.parse(line) }
    }

    @Test func `patterns are repeated and do not swallow locations`() throws {
        let command = try CopyCommand.parse(["--include", "*.jpg", "--exclude", "a/", "--exclude", "b", "x", "y", "sj://b"])
        #expect(command.transfer.include.count == 1)
        #expect(command.transfer.exclude.count == 2)
        #expect(command.locations.count == 3)
    }

    @Test func `resuming can be set and turned off`() throws {
        #expect(try CopyCommand.parse(["a", "sj://b"]).transfer.options.resumeThreshold == 128 << 20)
        #expect(try CopyCommand.parse(["a", "sj://b", "--resume-from", "1MiB"]).transfer.options.resumeThreshold == 1 << 20)
        #expect(try CopyCommand.parse(["a", "sj://b", "--resume-from", "0"]).transfer.options.resumeThreshold == nil)
        var options = TransferOptions()
        #expect(options.resumes(size: nil) && options.resumes(size: 128 << 20) && !options.resumes(size: 1))
        options.range = .last(1)
        #expect(!options.resumes(size: 128 << 20))
    }

    @Test(arguments: [["a", "b"], ["-", "sj://b"], ["sj://b", "sj://b/c"], ["sj://b/c/d", "sj://b/c/"], ["a", "sj://"], ["a", "sj://b", "--compare", "x"]])
    func `sync refuses what makes no sense`(line: [String]) {
        #expect(throws: (any Error).self) { try SyncCommand.parse(line) }
    }

    @Test func `sync compares by size and time unless told otherwise`() throws {
        #expect(try SyncCommand.parse(["a", "sj://b"]).compare == .modified)
        #expect(try SyncCommand.parse(["a", "sj://b", "--compare", "mtime"]).compare == .modified)
        #expect(try SyncCommand.parse(["a", "sj://b", "--compare", "size", "--delete"]).compare == .size)
    }

    @Test func `mv, cat and put refuse what makes no sense`() {
        #expect(throws: (any Error).self) { try MoveCommand.parse(["-", "sj://b/k"]) }
        #expect(throws: (any Error).self) { try MoveCommand.parse(["sj://b/k"]) }
        #expect(throws: (any Error).self) { try CatCommand.parse(["sj://b"]) }
        #expect(throws: (any Error).self) { try CatCommand.parse([]) }
        #expect(throws: (any Error).self) { try CatCommand.parse(["sj://b/k", "--json"]) }
        #expect(throws: (any Error).self) { try PutCommand.parse(["sj://b/p/"]) }
        #expect(throws: (any Error).self) { try PutCommand.parse(["file"]) }
    }

    @Test(arguments: [
        ("bytes=0-2", DownloadRange.bytes(0..<3)), ("5-5", .bytes(5..<6)), ("bytes=7-", .from(7)), ("-9", .last(9)), ("0-", .from(0)),
    ])
    func `ranges are those of HTTP`(text: String, range: DownloadRange) throws {
        #expect(try RangeText.parse(text) == range)
    }

    @Test(arguments: ["", "-", "bytes=", "3-2", "0-1,2-3", "bytes=0,-1", "a-b", "1", "+1-2", "0-9223372036854775807", "--1", "1-2-3"])
    func `anything else is no range`(text: String) {
        #expect(throws: RangeText.Malformed.self) { try RangeText.parse(text) }
    }

    @Test func `a record tells people and programs the same`() throws {
        var record = TransferRecord(.upload, source: "a\nb", target: "sj://b/a", size: 1536)
        record.bytesSent = 512
        record.bytesResumed = 1024
        #expect(record.line == #"uploaded a\nb to sj://b/a (1.5 KiB)"#)
        let output = CommandOutput.inMemory()
        try output.json(record)
        #expect(
            output.text
                == #"{"action":"upload","bytes_resumed":1024,"bytes_sent":512,"size":1536,"source":"a\nb","target":"sj://b/a"}"# + "\n")
        record.dryRun = true
        #expect(record.line.hasPrefix("would upload "))
    }
}
