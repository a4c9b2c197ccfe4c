import ArgumentParser

/// What one source on the command line means, together with the target: a single file or object, or everything below a
/// folder or prefix.
package enum TransferRoute: Hashable, Sendable {
    /// One file, object or stream, and where it goes.
    case single(source: Location, target: Location)
    /// All that is below `root`, and the folder or prefix below which it goes by the same names.
    case tree(root: Location, target: Location)
    /// A source that cannot be transferred, and why.
    case refused(source: Location, reason: String)
}

/// How sources and a target are understood.
///
/// A target is a folder when it ends in a slash, is a bucket or an existing local folder, or when there are several sources or
/// `--recursive`. A single source goes into it by its own last name. A tree's *content* goes into the target; of several trees
/// each keeps its own last name, unless it was written with a slash at the end.
package struct TransferRouting: Sendable {
    /// Whether folders and prefixes are taken with all that is in them.
    package var isRecursive: Bool
    /// What a local path names; nil for nothing.
    package var kind: @Sendable (String) -> FileFacts.Kind?

    /// Rules for a command.
    package init(isRecursive: Bool, kind: @escaping @Sendable (String) -> FileFacts.Kind?) {
        self.isRecursive = isRecursive
        self.kind = kind
    }

    /// What each source means, in their order.
    ///
    /// - Throws: `ValidationError` when the line as a whole makes no sense.
    package func routes(from sources: [Location], to target: Location) throws -> [TransferRoute] {
        guard !sources.isEmpty else { throw ValidationError("at least one source and a target are needed") }
        try checkStreams(sources, target)
        let isFolder = isRecursive || sources.count > 1 || namesFolder(target)
        return try sources.map { source in
            if !source.isRemote, !target.isRemote {
                throw ValidationError("\(source) and \(target) are both local; one of source and target must be an sj:// location")
            }
            return route(source, to: target, isFolder: isFolder, keepsName: sources.count > 1)
        }
    }

    private func checkStreams(_ sources: [Location], _ target: Location) throws {
        let standardCount = sources.count { $0 == .standardStreams }
        guard standardCount > 0 || target == .standardStreams else { return }
        if isRecursive { throw ValidationError("--recursive does not go with standard input or output") }
        if standardCount > 1 { throw ValidationError("standard input can be read only once") }
        if standardCount == 1 {
            guard case .remote(let path) = target, !path.isPrefix, sources.count == 1 else {
                throw ValidationError("standard input has no name; write the whole key of the target, sj://bucket/key")
            }
        }
    }

    private func namesFolder(_ target: Location) -> Bool {
        switch target {
        case .standardStreams: false
        case .local(let path): path.utf8.last == UInt8(ascii: "/") || kind(path) == .folder
        case .remote(let path): path.isPrefix
        }
    }

    private func route(_ source: Location, to target: Location, isFolder: Bool, keepsName: Bool) -> TransferRoute {
        switch source {
        case .standardStreams:
            return .single(source: source, target: target)
        case .local(let path):
            guard let kind = kind(path) else { return .refused(source: source, reason: "no such file or folder") }
            guard kind != .folder || isRecursive else {
                return .refused(source: source, reason: "it is a folder; --recursive transfers what is in it")
            }
            guard kind == .folder else { return single(source, named: path, to: target, isFolder: isFolder) }
            return tree(source, named: path, to: target, keepsName: keepsName)
        case .remote(let path):
            guard !path.isProject else { return .refused(source: source, reason: "it names no bucket") }
            guard isRecursive || !path.isPrefix else {
                return .refused(source: source, reason: "it is a prefix; --recursive transfers what is below it")
            }
            guard isRecursive else { return single(source, named: path.key, to: target, isFolder: isFolder) }
            return tree(source, named: path.key, to: target, keepsName: keepsName)
        }
    }

    private func single(_ source: Location, named name: String, to target: Location, isFolder: Bool) -> TransferRoute {
        guard isFolder, target != .standardStreams else { return .single(source: source, target: target) }
        guard let name = Self.lastName(of: name) else {
            return .refused(source: source, reason: "it has no name of its own to be stored under")
        }
        return place(name, in: target).map { .single(source: source, target: $0) }
            ?? .refused(source: source, reason: "\"\(name)\" is not a name that a local file can have")
    }

    private func tree(_ source: Location, named name: String, to target: Location, keepsName: Bool) -> TransferRoute {
        guard keepsName, name.utf8.last != UInt8(ascii: "/"), let last = Self.lastName(of: name) else {
            return .tree(root: source, target: target)
        }
        return place(last, in: target).map { .tree(root: source, target: $0) }
            ?? .refused(source: source, reason: "\"\(last)\" is not a name that a local folder can have")
    }

    /// Nil when the name does not stay in the folder.
    private func place(_ name: String, in target: Location) -> Location? {
        do { return try target.place(of: RelativeName(name)) } catch { return nil }
    }

    /// The last part of a path or key, slashes at its end left out; nil when there is none, or it is `.` or `..`.
    private static func lastName(of path: String) -> String? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        guard let last = parts.last.map({ String(Substring($0)) }), last != ".", last != ".." else { return nil }
        return last
    }
}
