/// Why an app's templates or assets cannot be used: told at start, before any visitor comes.
package struct WebResourceError: Error, CustomStringConvertible {
    /// The template or file, and what is wrong with it.
    package let description: String

    init(_ name: String, _ reason: String) { description = "\(name): \(reason)" }
}
