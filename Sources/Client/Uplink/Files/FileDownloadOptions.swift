/// How a download becomes a file.
public struct FileDownloadOptions: Hashable, Sendable {
    /// Keeps what has arrived when the download fails, and continues from there the next time.
    ///
    /// What has arrived waits beside the target as `.NAME.storj-part`, with a note of whose it is in
    /// `.NAME.storj-state`. Both are gone after success.
    public var resumes: Bool
    /// Gives the file the modification time attached to the object.
    public var setsModificationTime: Bool
    /// Whether an existing file may be replaced; otherwise the download ends in ``UplinkError/Code/fileSystem``.
    public var overwrites: Bool
    /// The mode of the file, for instance `0o600`; nil for what the process gives new files.
    public var permissions: UInt32?
    /// Waits until the file is on the disk itself, so that it survives a loss of power.
    public var syncs: Bool

    /// Options.
    public init(
        resumes: Bool = false, setsModificationTime: Bool = true, overwrites: Bool = true, permissions: UInt32? = nil,
        syncs: Bool = true
    ) {
        self.resumes = resumes
        self.setsModificationTime = setsModificationTime
        self.overwrites = overwrites
        self.permissions = permissions
        self.syncs = syncs
    }
}
