import ArgumentParser
import Foundation

/// `storj-bench million-pieces`: one operation on a store that another process has made, measured in this one.
struct MillionPiecesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "million-pieces", abstract: "Measures one operation on a store; micro starts it.",
        shouldDisplay: false)

    @Argument(help: "What to do.")
    var operation: MillionPieces.Operation

    @Argument(help: "The store's folder.")
    var folder: String

    @Argument(help: "Pieces in it.")
    var count: Int

    func run() async throws {
        let url = URL(filePath: folder, directoryHint: .isDirectory)
        let cost = try await MillionPieces.measure(operation, in: url, count: count)
        FileHandle.standardOutput.write(try JSONEncoder().encode(cost))
    }
}

extension MillionPieces.Operation: ExpressibleByArgument {}
