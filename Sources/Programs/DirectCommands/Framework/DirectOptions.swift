package import ArgumentParser
import Foundation

/// What every command of a customer without a satellite takes.
package struct DirectOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("dir"), help: "Your folder: identity, wallet, and what is stored where. Also STORJ_DIRECT_DIR.",
        completion: .directory)
    package var folder: String?

    @Flag(help: "Print JSON, one object a line.")
    package var json = false

    @Flag(help: "Show times in UTC.")
    package var utc = false

    package init() {}
}
