/// What follows when nodes say themselves that they have lost pieces.
package struct LossSettings: Sendable, Hashable {
    /// How long a report counts.
    package var window: Duration = .seconds(30 * 86400)
    /// A node that reported more than this share of its pieces in the window gets no new ones until none of its reports
    /// is open, in `0...1`.
    package var limitingShare = 0.2
    /// Fewer reports than this in the window never limit a node: a young node has few pieces.
    package var limitingCount = 10
    /// Open reports of one node that are kept at most; 80 bytes each.
    package var maximumOpen = 1_000_000

    /// The defaults.
    package init() {}
}
