import ArgumentParser
import ClientCommands
import Foundation
import Installation
import TestSupport
import Testing
import Uplink

@Suite struct FailureReportTests {
    @Test func `every failure of the library has an exit status other than success`() {
        for code in UplinkError.Code.allCases {
            let status = ExitStatus(UplinkError(code, "x"))
            #expect(status != .success && status != .interrupted && status != .settings)
        }
        #expect(ExitStatus(UplinkError(.objectNotFound, "x")).rawValue == 3)
        #expect(ExitStatus(UplinkError(.permissionDenied, "x")).rawValue == 4)
        #expect(ExitStatus(UplinkError(.satelliteUnreachable, "x")).rawValue == 5)
        #expect(ExitStatus(UplinkError(.wrongPassphrase, "x")).rawValue == 6)
        #expect(ExitStatus(UplinkError(.bucketNameInvalid, "x")).rawValue == 64)
    }

    @Test func `exit statuses are distinct and all named in the help`() {
        #expect(Set(ExitStatus.allCases.map(\.name)).count == ExitStatus.allCases.count)
        for status in ExitStatus.allCases { #expect(ExitStatus.summary.contains("\(status.rawValue) ")) }
    }

    @Test func `people read the message and the advice, without control characters`() {
        let report = FailureReport(
            UplinkError(.objectNotFound, "there is no \"a\u{1B}[31m\"", advice: "Look again"), helpCommand: "ls")
        #expect(report.lines == ["storj: there is no \"a\\u{1b}[31m\"", "       Look again"])
        #expect(report.status == .notFound)
    }

    @Test func `a mistake that shows while running points to the help`() {
        let report = FailureReport(ValidationError("no"), helpCommand: "ls")
        #expect(report.lines.last?.contains("storj ls --help") == true)
        #expect(report.status == .usage)
    }

    @Test func `a cancelled command was interrupted`() {
        #expect(FailureReport(CancellationError(), helpCommand: "ls").status == .interrupted)
    }

    @Test func `programs read failures as JSON`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let result = try await CommandRunner(folder: folder).run("ls", "--json")
            #expect(result.status == .denied)
            #expect(result.output.isEmpty)
            #expect(result.messages.hasPrefix(#"{"advice":"Give --access"#))
            #expect(result.messages.contains(#""error":"denied","message":"no access grant"}"#))
        }
    }

    @Test func `an unreachable satellite is a status of its own`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            var storj = CommandRunner(folder: folder)
            // The golden grants name a satellite of the reference's documentation, where nobody listens.
            storj.environment.variables["STORJ_ACCESS"] = try GoldenGrants.root()
            storj.environment.variables["STORJ_DIAL_TIMEOUT"] = "1ms"
            let result = try await storj.run("ls")
            #expect(result.status == .unreachable)
        }
    }
}
