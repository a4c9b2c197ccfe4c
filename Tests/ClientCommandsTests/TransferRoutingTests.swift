import ArgumentParser
import ClientCommands
import Testing

@Suite struct TransferRoutingTests {
    private func routes(
        _ sources: String..., to target: String, recursive: Bool = false, folders: Set<String> = [], files: Set<String> = ["a", "d/a", "f"]
    ) throws -> [TransferRoute] {
        let routing = TransferRouting(isRecursive: recursive) { folders.contains($0) ? .folder : files.contains($0) ? .file : nil }
        return try routing.routes(from: sources.map(Location.parse), to: Location.parse(target))
    }

    private func single(_ source: String, _ target: String) throws -> TransferRoute {
        .single(source: try Location.parse(source), target: try Location.parse(target))
    }

    private func tree(_ source: String, _ target: String) throws -> TransferRoute {
        .tree(root: try Location.parse(source), target: try Location.parse(target))
    }

    @Test(arguments: [
        ("a", "sj://b/k", "sj://b/k"), ("d/a", "sj://b/p/", "sj://b/p/a"), ("d/a", "sj://b", "sj://b/a"), ("d/a", "sj://b/", "sj://b/a"),
        ("sj://b/p/k", "x", "x"), ("sj://b/p/k", "new/", "new/k"), ("sj://b/p/k", "dir", "dir/k"), ("sj://b/k", "-", "-"),
        ("sj://b/p/k", "sj://c", "sj://c/k"), ("sj://b/p/k", "sj://c/q", "sj://c/q"), ("sj://b/p/k", "sj://c/q/", "sj://c/q/k"),
        ("-", "sj://b/k", "sj://b/k"),
    ])
    func `one file goes to the name given or into the folder given`(source: String, target: String, expected: String) throws {
        #expect(try routes(source, to: target, folders: ["dir"]) == [single(source, expected)])
    }

    @Test func `several files go into the target by their names`() throws {
        #expect(try routes("a", "d/a", to: "sj://b/p") == [single("a", "sj://b/p/a"), single("d/a", "sj://b/p/a")])
        #expect(try routes("sj://b/x/k", "sj://c/l", to: "dir") == [single("sj://b/x/k", "dir/k"), single("sj://c/l", "dir/l")])
    }

    @Test(arguments: [
        ("d", "sj://b/p", "sj://b/p"), ("d/", "sj://b/p/", "sj://b/p/"), ("sj://b/p", "dir", "dir"), ("sj://b/p/", "dir/", "dir/"),
        ("sj://b", "dir", "dir"), ("sj://b/p", "sj://c/q", "sj://c/q"),
    ])
    func `the content of a tree goes into the target`(source: String, target: String, expected: String) throws {
        #expect(try routes(source, to: target, recursive: true, folders: ["d", "d/"]) == [tree(source, expected)])
    }

    @Test func `of several trees each keeps its name unless it ends in a slash`() throws {
        let routes = try routes("d", "e/", "a", "sj://c/x/y", to: "sj://b/p", recursive: true, folders: ["d", "e/"])
        #expect(try routes == [
            tree("d", "sj://b/p/d"), tree("e/", "sj://b/p"), single("a", "sj://b/p/a"), tree("sj://c/x/y", "sj://b/p/y"),
        ])
    }

    @Test func `a source that is none is refused and the others go on`() throws {
        let routes = try routes("d", "missing", "a", to: "sj://b", folders: ["d"])
        guard case .refused(_, let folder) = routes[0], case .refused(_, let missing) = routes[1] else {
            Issue.record("not refused: \(routes)")
            return
        }
        #expect(folder.contains("--recursive"))
        #expect(missing == "no such file or folder")
        #expect(try routes[2] == single("a", "sj://b/a"))
    }

    @Test(arguments: ["sj://b", "sj://b/", "sj://b/p/"])
    func `a prefix needs recursion`(source: String) throws {
        guard case .refused(_, let reason) = try routes(source, to: "dir")[0] else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("--recursive"))
    }

    @Test(arguments: ["sj://b/..", "sj://b/p/."])
    func `a key that ends in dots has no name for a folder`(source: String) throws {
        guard case .refused = try routes(source, to: "dir/")[0] else {
            Issue.record("not refused")
            return
        }
        #expect(try routes(source, to: "file") == [single(source, "file")])
    }

    @Test func `lines that make no sense are wrong`() {
        #expect(throws: ValidationError.self) { try routes("a", to: "b") }
        #expect(throws: ValidationError.self) { try routes("a", to: "-") }
        #expect(throws: ValidationError.self) { try routes("-", to: "sj://b/p/") }
        #expect(throws: ValidationError.self) { try routes("-", to: "sj://b") }
        #expect(throws: ValidationError.self) { try routes("-", "-", to: "sj://b/k") }
        #expect(throws: ValidationError.self) { try routes("-", "a", to: "sj://b/k") }
        #expect(throws: ValidationError.self) { try routes("sj://b/", to: "-", recursive: true) }
        #expect(throws: ValidationError.self) { try routes(to: "sj://b") }
    }

    @Test(arguments: [
        ("sj://b", "sj://b/backup", true), ("sj://b/p", "sj://b/p/q/", true), ("sj://b/p", "sj://b/pq", false), ("sj://b/p", "sj://c/p/q", false),
        ("sj://b/p/", "sj://b/p", true), ("sj://b/p/q", "sj://b/p", false),
    ])
    func `a tree that is put into itself is noticed`(source: String, target: String, isInside: Bool) throws {
        #expect(try Location.parse(source).contains(tree: Location.parse(target)) == isInside)
    }
}
