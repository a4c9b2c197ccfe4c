/// What a server-side copy changes.
public struct CopyOptions: Hashable, Sendable {
    /// Custom metadata of the copy; nil keeps that of the source.
    public var metadata: [String: String]?
    /// Fails with `.objectAlreadyExists` instead of replacing an object.
    public var failsIfExists = false
    /// Locks the copy.
    public var retention: Retention?
    /// Puts the copy under legal hold.
    public var legalHold = false

    /// The defaults.
    public init() {}
}

/// What a server-side move changes.
public struct MoveOptions: Hashable, Sendable {
    /// Locks the moved object.
    public var retention: Retention?
    /// Puts the moved object under legal hold.
    public var legalHold = false

    /// The defaults.
    public init() {}
}
