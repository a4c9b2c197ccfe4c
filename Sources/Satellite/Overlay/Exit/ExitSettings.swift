/// How nodes leave in good order.
///
/// - Source: protocol document 3 §6.6.
package struct ExitSettings: Sendable, Hashable {
    /// The age at which a node may leave so: six months of 30.4375 days.
    package var minimumAge: Duration = .seconds(6 * 2_629_800)
    /// How long a leaving node must go on serving what it holds.
    package var duration: Duration = .seconds(30 * 86400)
    /// How much longer it takes at most while pieces are still to be moved; nought: no wait for them.
    package var extensionForPieces: Duration = .zero
    /// How long a node that happens to be offline when its time is up is waited for.
    package var offlineGrace: Duration = .seconds(7 * 86400)
    /// The online score a node needs for a good end, in `0...1`.
    package var onlineScore = 0.8
    /// The pause between two looks at leaving nodes.
    package var interval: Duration = .seconds(3600)

    /// The defaults.
    package init() {}

    /// The minimum age in months, rounded up, as nodes are told.
    var minimumMonths: Int32 { Int32(clamping: (max(0, minimumAge.components.seconds) + 2_629_799) / 2_629_800) }
}
