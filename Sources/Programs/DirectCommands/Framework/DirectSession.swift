package import ClientCommands
import Contracts
import Direct
import Foundation
import StorageModel

/// What a running command of a customer without a satellite works with.
package struct DirectSession: Sendable {
    let options: DirectOptions
    /// Variables, clock and terminal.
    package let environment: CommandEnvironment
    /// Results.
    package let output: CommandOutput
    /// Warnings; never results.
    package let messages: CommandOutput
    /// Whether results are JSON.
    package var isJSON: Bool { options.json }

    init(options: DirectOptions, environment: CommandEnvironment, output: CommandOutput, messages: CommandOutput) {
        self.options = options
        self.environment = environment
        self.output = output
        self.messages = messages
    }

    /// The customer's folder.
    ///
    /// - Throws: `CommandFailure` when nothing says where.
    func folder() throws -> DirectFolder {
        guard let path = options.folder ?? environment.variable("STORJ_DIRECT_DIR") else {
            throw CommandFailure(.usage, "no folder", advice: "Give --dir or set STORJ_DIRECT_DIR")
        }
        return DirectFolder(
            url: URL(filePath: path, directoryHint: .isDirectory).absoluteURL, environment: environment.variables)
    }

    /// Opens the customer, lets `body` work, and closes everything.
    func withCustomer<Result>(
        adjust: (inout DirectSettings) -> Void = { _ in }, _ body: (Customer) async throws -> Result
    ) async throws -> Result {
        var settings = DirectSettings()
        adjust(&settings)
        let open = try await folder().open(settings)
        do {
            let result = try await body(open.customer)
            await open.close()
            return result
        } catch {
            await open.close()
            throw error
        }
    }

    /// A time for people.
    func show(seconds: UInt64) -> String {
        TimeText.display(
            Date(timeIntervalSince1970: Double(seconds)), in: options.utc ? .gmt : environment.timeZone)
    }

    /// Prints values as JSON, one a line, or lines for people.
    func print<Value: Encodable>(_ values: [Value], lines: () -> [String]) throws {
        if isJSON { for value in values { try output.json(value) } } else { for line in lines() { try output.line(line) } }
    }
}
