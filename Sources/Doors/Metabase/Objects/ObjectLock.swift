package import StorageModel

/// How strongly retention holds; raw values are the wire's.
package enum RetentionMode: Int32, Hashable, Sendable {
    /// Nobody can remove or shorten it.
    case compliance = 1
    /// A caller with the bypass permission who asks for it can.
    case governance = 2
}

/// A promise to keep an object version until a moment.
package struct Retention: Hashable, Sendable {
    package var mode: RetentionMode
    package var retainUntil: Timestamp

    /// A retention.
    package init(mode: RetentionMode, retainUntil: Timestamp) {
        self.mode = mode
        self.retainUntil = retainUntil
    }
}

/// What protects an object version.
package struct ObjectLock: Hashable, Sendable {
    package var retention: Retention?
    package var legalHold: Bool

    /// No protection, unless given.
    package init(retention: Retention? = nil, legalHold: Bool = false) {
        self.retention = retention
        self.legalHold = legalHold
    }

    /// Whether neither is set.
    package var isEmpty: Bool { retention == nil && !legalHold }

    /// Whether the version may not be removed at `now`.
    package func protects(at now: Timestamp, bypassingGovernance: Bool) -> Bool {
        if legalHold { return true }
        guard let retention, retention.retainUntil > now else { return false }
        return !(bypassingGovernance && retention.mode == .governance)
    }
}
