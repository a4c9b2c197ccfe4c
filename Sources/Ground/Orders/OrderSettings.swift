/// How exact clocks must be, and how large a limit may become.
///
/// - Source: protocol document 3 §1.7 and §3.2.
package struct OrderSettings: Hashable, Sendable {
    /// How long after an expiration a limit still works.
    package var expirationGrace: Duration
    /// How far a limit's creation may be from the node's clock, either way.
    package var creationGrace: Duration

    /// The field's defaults.
    package init(expirationGrace: Duration = .seconds(48 * 3600), creationGrace: Duration = .seconds(3600)) {
        self.expirationGrace = expirationGrace
        self.creationGrace = creationGrace
    }

    /// The most bytes of an encoded limit: with a hash and a signature it must fit a node's 510-byte piece header.
    package static let maximumLimitBytes = 391
}
