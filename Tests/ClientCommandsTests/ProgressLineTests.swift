import ClientCommands
import Testing

@Suite struct ProgressLineTests {
    private let mebibyte: Int64 = 1 << 20

    private func snapshot(_ change: (inout ProgressSnapshot) -> Void) -> ProgressSnapshot {
        var snapshot = ProgressSnapshot()
        change(&snapshot)
        return snapshot
    }

    @Test func `one big file shows size, rate and what is left`() {
        var meter = RateMeter()
        meter.record(bytes: 0, at: .zero)
        meter.record(bytes: 64 * mebibyte, at: .seconds(2))
        let snapshot = snapshot {
            $0.filesTotal = 1
            $0.bytesTotal = 256 * mebibyte
            $0.bytesDone = 64 * mebibyte
            $0.isListingComplete = true
        }
        #expect(
            ProgressLine.bar(snapshot, meter: meter, width: 80)
                == "[#######------------------------]   25%  64 MiB of 256 MiB  32 MiB/s  0:06 left")
        #expect(ProgressLine.plain(snapshot, meter: meter) == " 25%, 64 MiB of 256 MiB, 32 MiB/s, 0:06 left")
    }

    @Test func `many files are counted`() {
        let snapshot = snapshot {
            $0.filesTotal = 2000
            $0.filesDone = 500
            $0.filesFailed = 2
            $0.bytesTotal = 200 * mebibyte
            $0.bytesDone = 50 * mebibyte
            $0.isListingComplete = true
        }
        #expect(ProgressLine.plain(snapshot, meter: RateMeter()) == " 25%, 50 MiB of 200 MiB, 500 of 2000 files, 2 failed")
    }

    @Test func `while files are still being found there is no percentage`() {
        let snapshot = snapshot {
            $0.filesTotal = 1000
            $0.filesDone = 10
            $0.bytesTotal = 100 * mebibyte
            $0.bytesDone = mebibyte
        }
        #expect(snapshot.fraction == nil)
        #expect(ProgressLine.plain(snapshot, meter: RateMeter()) == "1 MiB, 10 of 1000+ files")
    }

    @Test func `a stream of unknown length shows what has passed`() {
        var board = ProgressSnapshot()
        board.filesTotal = 1
        board.unknownSizes = 1
        board.isListingComplete = true
        board.bytesDone = 3 * mebibyte
        #expect(board.fraction == nil)
        #expect(ProgressLine.plain(board, meter: RateMeter()) == "3 MiB")
    }

    @Test func `empty files are counted by number`() {
        let snapshot = snapshot {
            $0.filesTotal = 4
            $0.filesDone = 1
            $0.isListingComplete = true
        }
        #expect(snapshot.fraction == 0.25)
    }

    @Test(arguments: [0, 1, 5, 20, 40, 79, 80, 200])
    func `a line fits the terminal`(width: Int) {
        let snapshot = snapshot {
            $0.filesTotal = 123_456
            $0.bytesTotal = 1 << 45
            $0.bytesDone = 1 << 40
            $0.isListingComplete = true
        }
        #expect(ProgressLine.bar(snapshot, meter: RateMeter(), width: width).count <= max(0, width - 1))
    }

    @Test func `nothing is complete before it is`() {
        let snapshot = snapshot {
            $0.filesTotal = 1
            $0.bytesTotal = 1000
            $0.bytesDone = 999
            $0.isListingComplete = true
        }
        #expect(ProgressLine.plain(snapshot, meter: RateMeter()).hasPrefix(" 99%"))
    }

    @Test func `the rate is that of the last seconds`() {
        var meter = RateMeter()
        for second in 0...100 { meter.record(bytes: Int64(second) * 10 * mebibyte, at: .seconds(second)) }
        for second in 101...120 { meter.record(bytes: 1000 * mebibyte, at: .seconds(second)) }
        #expect(meter.rate == 0)
        #expect(meter.remaining(mebibyte) == nil)
        for second in 121...140 { meter.record(bytes: 1000 * mebibyte + Int64(second - 120) * mebibyte, at: .seconds(second)) }
        #expect(meter.rate == Double(mebibyte))
        #expect(meter.remaining(90 * mebibyte) == .seconds(90))
    }

    @Test func `what was there already is not what this run moved`() {
        let snapshot = snapshot {
            $0.filesTotal = 1
            $0.filesDone = 1
            $0.bytesTotal = 1024 * mebibyte
            $0.bytesDone = 1024 * mebibyte
            $0.bytesResumed = 640 * mebibyte
            $0.isListingComplete = true
        }
        #expect(
            ProgressLine.summary(snapshot, verb: "uploaded", elapsed: .seconds(4))
                == "uploaded 1 file, 384 MiB in 4.0 s (96 MiB/s), 640 MiB were there already")
    }

    @Test func `the board adds up what transfers tell`() {
        let board = ProgressBoard()
        board.found(size: 100)
        board.found(size: 50)
        board.listingIsComplete()
        let first = board.begin(size: 100), second = board.begin(size: 50)
        first.update(done: 30, resumed: 10)
        second.update(done: 40)
        first.update(done: 60, resumed: 10)
        #expect(board.snapshot.bytesDone == 100)
        #expect(board.snapshot.bytesMoved == 90)
        first.succeed(size: 100)
        second.fail()
        #expect(board.snapshot.bytesDone == 100)
        #expect(board.snapshot.filesDone == 1)
        #expect(board.snapshot.filesFailed == 1)
        #expect(first.bytesMoved == 90)
        #expect(first.bytesResumed == 10)
    }
}
