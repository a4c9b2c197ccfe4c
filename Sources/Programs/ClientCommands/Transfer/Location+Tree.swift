extension Location {
    /// Whether this is in the network.
    package var isRemote: Bool {
        if case .remote = self { true } else { false }
    }

    /// The place of a name below this folder or prefix.
    ///
    /// - Throws: `SafeName.Refusal` when this is a local folder and the name is none that a file in it can have.
    package func place(of name: RelativeName) throws(SafeName.Refusal) -> Location {
        switch self {
        case .standardStreams: self
        case .local(let path): .local(path: try SafeName.path(of: name, below: path))
        // Keys are taken as they are, empty parts included; only the slash behind the prefix is put where it is missing.
        case .remote(let path): .remote(path.appending(name.text))
        }
    }

    /// The prefix that all keys below this place begin with: empty for a bucket, otherwise with a slash at its end.
    package var treePrefix: String {
        guard case .remote(let path) = self else { return "" }
        return path.isPrefix ? path.key : path.key + "/"
    }

    /// Whether everything that is put below `target` is itself below this place, so that a listing of this place would come
    /// across it.
    package func contains(tree target: Location) -> Bool {
        guard case .remote(let path) = self, case .remote(let other) = target, path.bucket == other.bucket else { return false }
        return target.treePrefix.utf8.starts(with: treePrefix.utf8)
    }
}
