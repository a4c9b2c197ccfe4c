package import Uplink

/// What a source on the command line turns out to hold.
package enum TransferFinding: Sendable {
    /// A file or object to transfer.
    case transfer(Transfer)
    /// A local folder to make: the key that says so has no content.
    case folder(path: String)
    /// Something that does not take part.
    case skipped(Location, reason: String)
    /// Something that should take part but cannot.
    case failed(Location, any Error)
}

/// Finds the files and objects of a command's sources, one after another, without keeping them.
package struct TransferFinder: Sendable {
    private let project: Project
    private let filter: NameFilter
    private let removesSource: Bool

    /// A finder.
    ///
    /// - Parameter removesSource: whether objects leave the place they are found in.
    package init(project: Project, filter: NameFilter, removesSource: Bool) {
        self.project = project
        self.filter = filter
        self.removesSource = removesSource
    }

    /// Looks at all sources in turn. What is wrong with one of them is found, not thrown.
    ///
    /// - Throws: what `emit` throws, `CancellationError`.
    package func find(_ routes: [TransferRoute], emit: (TransferFinding) async throws -> Void) async throws {
        for route in routes {
            switch route {
            case .refused(let source, let reason):
                try await emit(.failed(source, CommandFailure(.failure, "\(source): \(reason)")))
            case .single(let source, let target):
                try await emit(single(source, target))
            case .tree(.local(let folder), let target):
                try await findFiles(in: folder, for: target, emit)
            case .tree(.remote(let path), let target):
                try await findObjects(below: .remote(path), path, for: target, emit)
            case .tree(.standardStreams, _):
                preconditionFailure("a stream is no folder")
            }
        }
    }

    private func single(_ source: Location, _ target: Location) -> TransferFinding {
        guard source != target else {
            return .failed(source, CommandFailure(.usage, "\(source): source and target are the same"))
        }
        guard case .local(let path) = source else { return .transfer(Transfer(source: source, target: target, size: nil)) }
        do {
            let facts = try FileFacts(path: path)
            // A pipe or device tells its size only at its end.
            return .transfer(Transfer(source: source, target: target, size: facts.kind == .file ? facts.size : nil))
        } catch {
            return .failed(source, CommandFailure(.failure, error.description))
        }
    }

    private func findFiles(
        in folder: String, for target: Location, _ emit: (TransferFinding) async throws -> Void
    ) async throws {
        for item in FolderWalk(folder: folder, filter: filter) {
            switch item {
            case .file(let name, let facts):
                try await emit(.transfer(Transfer(source: file(name, in: folder), target: target.place(of: name), size: facts.size)))
            case .skipped(let name, let reason):
                try await emit(.skipped(file(name, in: folder), reason: reason))
            case .failed(let name, let reason):
                let file = file(name, in: folder)
                try await emit(.failed(file, CommandFailure(.failure, "\(file): \(reason)")))
            }
        }
    }

    private func file(_ name: RelativeName, in folder: String) -> Location {
        if name.text.isEmpty { return .local(path: folder) }
        return .local(path: folder.utf8.last == UInt8(ascii: "/") ? folder + name.text : folder + "/" + name.text)
    }

    private func findObjects(
        below root: Location, _ path: RemotePath, for target: Location, _ emit: (TransferFinding) async throws -> Void
    ) async throws {
        var isEmpty = true
        do {
            // A listing would come across what this very command puts below its source; so it is read to its end first.
            var first: [TransferFinding] = []
            let isIntoItself = root.contains(tree: target)
            for try await item in project.objects(bucket: path.bucket, options: ListOptions(prefix: root.treePrefix, isRecursive: true)) {
                guard case .object(let object) = item, !object.isDeleteMarker else { continue }
                isEmpty = false
                guard let finding = finding(object, below: root.treePrefix, for: target) else { continue }
                if isIntoItself { first.append(finding) } else { try await emit(finding) }
            }
            for finding in first { try await emit(finding) }
            if isEmpty, !path.isPrefix { try await emit(alone(path, target)) }
            if isEmpty, path.isPrefix, !path.key.isEmpty {
                try await emit(.failed(root, CommandFailure(.notFound, "there is nothing below \(root)")))
            }
        } catch let error as UplinkError {
            try await emit(.failed(root, error))
        }
    }

    /// Nil when the object does not take part.
    private func finding(_ object: Object, below prefix: String, for target: Location) -> TransferFinding? {
        let source = Location.remote(RemotePath(bucket: object.bucket, key: object.key))
        guard let name = RelativeName(object.key, below: prefix), filter.admits(name) else { return nil }
        do {
            if case .local(let folder) = target, object.size == 0, let folderName = name.asFolder {
                return .folder(path: folderName.text.isEmpty ? folder : try SafeName.path(of: folderName, below: folder))
            }
            let place = try target.place(of: name)
            guard place != source else { return removesSource ? nil : .failed(source, sameEnds(source)) }
            return .transfer(Transfer(source: source, target: place, size: object.size))
        } catch {
            return .failed(source, CommandFailure(.failure, "\(source) cannot become a local file: \(error)"))
        }
    }

    private func sameEnds(_ source: Location) -> CommandFailure {
        CommandFailure(.usage, "\(source): source and target are the same")
    }

    /// The object that has the name of a prefix with nothing below it.
    private func alone(_ path: RemotePath, _ target: Location) async throws -> TransferFinding {
        let source = Location.remote(path)
        let name = RelativeName(path.key).lastComponent
        do {
            let object = try await project.object(bucket: path.bucket, key: path.key)
            return .transfer(Transfer(source: source, target: try target.place(of: RelativeName(name)), size: object.size))
        } catch let error as UplinkError where error.code == .objectNotFound {
            return .failed(source, CommandFailure(.notFound, "there is neither an object nor anything below \(source)"))
        } catch let error as SafeName.Refusal {
            return .failed(source, CommandFailure(.failure, "\(source) cannot become a local file: \(error)"))
        }
    }
}

extension RelativeName {
    /// The name of the folder that an object without content stands for: what comes before a slash at the end; nil for
    /// other names. The empty name is the folder that the names are relative to.
    fileprivate var asFolder: RelativeName? {
        if text.isEmpty { return self }
        guard text.utf8.last == UInt8(ascii: "/") else { return nil }
        return RelativeName(String(Substring(text.utf8.dropLast())))
    }
}
