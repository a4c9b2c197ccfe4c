package import ArgumentParser
import ClientCommands
import Direct
import Foundation

/// `storj direct get`.
package struct DirectGetCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Bring something back, and pay the farmers that sent it.",
        discussion: """
            Examples:
              storj direct get --dir me photos.tar copy.tar
              storj direct get --dir me photos.tar - | tar t
            """)

    @OptionGroup package var options: DirectOptions

    @Argument(help: "What it is called.")
    package var name: String

    @Argument(help: "The file to write, or - for standard output.", completion: .file())
    package var target: String

    package init() {}

    package func run(in session: DirectSession) async throws {
        try await session.withCustomer { customer in
            guard target != "-" else { return try await customer.get(name) { try session.output.write($0) } }
            let url = URL(filePath: target)
            let part = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).storj-part")
            guard FileManager.default.createFile(atPath: part.path, contents: nil) else {
                throw CommandFailure(.failure, "\(part.path) cannot be written")
            }
            do {
                let handle = try FileHandle(forWritingTo: part)
                try await customer.get(name) { try handle.write(contentsOf: Data($0)) }
                try handle.synchronize()
                try handle.close()
                guard rename(part.path, url.path) == 0 else { throw CommandFailure(.failure, "\(target) cannot be written") }
            } catch {
                // Half a file is none; that it cannot be removed changes nothing about why.
                try? FileManager.default.removeItem(at: part)
                throw error
            }
        }
    }
}
