package import ArgumentParser
import Foundation

/// What every command of an operator takes.
package struct OperatorOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("dir"), help: "The server's folder; for a satellite also that of its local network.",
        completion: .directory)
    package var folder: String

    @Flag(help: "Print JSON, one object a line.")
    package var json = false

    @Flag(help: "Show times in UTC.")
    package var utc = false

    package init() {}

    var url: URL { URL(filePath: folder, directoryHint: .isDirectory).absoluteURL }
}
