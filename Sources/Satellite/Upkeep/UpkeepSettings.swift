/// How segments are looked after.
package struct UpkeepSettings: Sendable {
    /// The pass over all segments.
    package var loop = RangedLoopSettings()
    /// What nodes may throw away.
    package var garbage = GarbageSettings()
    /// How nodes are audited.
    package var audits = AuditSettings()
    /// When segments get new pieces.
    package var repairs = RepairSettings()
    /// What is assumed about survival.
    package var durability = DurabilitySettings()

    /// The defaults.
    package init() {}
}
