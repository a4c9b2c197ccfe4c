import ArgumentParser
import Dispatch
import Foundation
import Installation
import Logging
import ServiceLifecycle
import UnixSignals

/// How every server of this program runs: until a signal, the end of its parent, or a failure.
enum ServerRun {
    /// The exit code for wrong settings, `EX_CONFIG` of sysexits.h.
    static let wrongSettings = ExitCode(78)

    /// Runs services until one of them ends or SIGINT or SIGTERM arrives.
    ///
    /// - Parameter endsWithParent: also stop at the end of standard input, which a parent keeps open as long as it lives.
    static func run(_ services: [any Service], endsWithParent: Bool, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        if endsWithParent {
            configuration.services.append(
                .init(service: ParentWatch(), successTerminationBehavior: .gracefullyShutdownGroup))
        }
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Turns a failure into one line on standard error and an exit code.
    static func report<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as SettingsError {
            FileHandle.standardError.write(Data("storj: \(error)\n".utf8))
            throw wrongSettings
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            FileHandle.standardError.write(Data("storj: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}

/// Ends when standard input does.
private struct ParentWatch: Service {
    func run() async throws {
        let (ends, continuation) = AsyncStream<Void>.makeStream()
        // A thread of its own, because reading a pipe blocks for as long as the parent lives.
        let thread = Thread {
            while let data = try? FileHandle.standardInput.read(upToCount: 256), !data.isEmpty {
                // Nobody sends anything; an unreadable pipe means the same as its end.
            }
            continuation.finish()
        }
        thread.start()
        for await _ in ends.cancelOnGracefulShutdown() {
            // The stream only ever ends.
        }
    }
}
