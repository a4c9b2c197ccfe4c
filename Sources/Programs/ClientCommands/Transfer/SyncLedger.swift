/// What is at the target of a `sync`, and which of it the source has as well.
package struct SyncLedger: Sendable {
    private var targets: [RelativeName: SyncComparison.Facts]
    private let comparison: SyncComparison

    /// A ledger of what is at the target.
    package init(targets: [RelativeName: SyncComparison.Facts], comparison: SyncComparison) {
        self.targets = targets
        self.comparison = comparison
    }

    /// Takes note of a file of the source; whether it has to be transferred.
    package mutating func take(_ name: RelativeName, _ source: SyncComparison.Facts) -> Bool {
        guard let target = targets.removeValue(forKey: name) else { return true }
        return comparison.differs(source, target)
    }

    /// Takes note that the source has a name that could not be looked at: it is neither transferred nor deleted.
    package mutating func keep(_ name: RelativeName) {
        targets.removeValue(forKey: name)
    }

    /// What only the target has, in the order of names: what `--delete` deletes once the source has been read to its end.
    package var surplus: [RelativeName] { targets.keys.sorted() }
}
