import Metainfo
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

/// Every recorded request is sent to our satellite; its answers must agree with the recorded ones, but for the
/// exceptions listed with their reasons in `ReplayExceptions`.
@Suite struct TranscriptReplayTests {
    @Test func `recorded requests get answers of the recorded shape, code and text`() async throws {
        var settings = MetainfoSettings()
        settings.projectRate = RateLimit(perSecond: 100, burst: 100)
        settings.maximumMetadataSize = 2048
        let start = try #require(Timestamp(seconds: 1_795_360_330, nanoseconds: 0))
        let satellite = try await TestSatellite(settings: settings, start: start)
        var replay = Replay(satellite: satellite)
        var surprises: [String] = []
        var matching = 0
        var total = 0
        for transcript in try Transcript.all() {
            let number = String(transcript.name.prefix(2))
            try await ReplayStage.prepare(transcript, on: satellite)
            for rpc in transcript.rpcs {
                let place = "\(number)#\(rpc.seq)"
                try await ReplayStage.prepare(rpc, at: place, on: satellite)
                total += 1
                let differences = try await replay.play(rpc)
                if differences.isEmpty { matching += 1 }
                switch (differences.isEmpty, ReplayExceptions.reasons[place]) {
                case (true, nil), (false, .some): break
                case (true, .some): surprises.append("\(place) is listed as an exception and agrees")
                case (false, nil):
                    let method = rpc.path.split(separator: "/").last ?? ""
                    surprises.append("\(place) \(method): \(differences.joined(separator: "; "))")
                }
            }
        }
        #expect(total == 571)
        #expect(matching == total - ReplayExceptions.reasons.count)
        #expect(surprises.isEmpty, "\(surprises.count) surprises:\n\(surprises.joined(separator: "\n"))")
    }
}
