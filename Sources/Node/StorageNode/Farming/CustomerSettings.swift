/// What a farmer allows customers that come without a satellite.
package struct CustomerSettings: Sendable {
    /// Whether any are taken.
    package var isOn = true
    /// Customers at most.
    package var maximumCount = 10_000
    /// The channel of a customer holds at least what its pieces cost for this time.
    package var securedTime = Duration.seconds(2 * 86400)
    /// Bytes that a customer may fetch before it pays for them.
    package var creditedBytes: UInt64 = 1 << 30
    /// How far ahead a customer's piece may expire; one that never does is not taken.
    package var longestTerm = Duration.seconds(400 * 86400)
    /// The least seconds between the start and the end of a closing.
    package var minimumChallenge: UInt64 = 3600
    /// Periods an agreement must have at least.
    package var leastPeriods: UInt64 = 1
    /// How long what the ledger says of a channel is believed.
    package var channelAge = Duration.seconds(600)

    /// The defaults.
    package init() {}
}
