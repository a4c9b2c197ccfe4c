/// What is assumed when survival is estimated, and where risk begins.
package struct DurabilitySettings: Sendable, Hashable {
    /// A segment is at risk with so many retrievable pieces above the required ones, or fewer; at most half of what lies
    /// between the required ones and the repair threshold.
    package var riskMargin = 2
    /// The likelihood that a node goes for good on a day. That of the field, measured: 2 % a year.
    package var failuresPerNodeAndDay = 0.00005435
    /// Days until a segment that fell to the repair threshold is repaired.
    package var repairDays = 2.0
    /// Days looked ahead.
    package var horizonDays = 365.0

    /// The defaults.
    package init() {}
}
