/// The forms in which the field writes sizes and durations inside its error texts.
package enum HumanText {
    /// A size as `100 B` or `2.0 KiB`, with one decimal from a KiB on.
    package static func size(_ bytes: Int64) -> String {
        let units: [(name: String, size: Int64)] = [
            ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ]
        for unit in units where bytes >= unit.size {
            // Tenths of the unit, rounded half up; the division comes first so that nothing overflows.
            let tenths = bytes / unit.size * 10 + (bytes % unit.size * 10 + unit.size / 2) / unit.size
            return "\(tenths / 10).\(tenths % 10) \(unit.name)"
        }
        return "\(bytes) B"
    }

    /// A duration as `1h0m0s`; whole seconds.
    package static func duration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return "\(hours)h\(minutes)m\(rest)s" }
        if minutes > 0 { return "\(minutes)m\(rest)s" }
        return "\(rest)s"
    }
}
