import ClientCommands
import Foundation
import TestSupport
import Testing

@Suite struct FolderWalkTests {
    private func write(_ names: [String], in folder: URL) throws {
        for name in names {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(name)".utf8).write(to: url)
        }
    }

    private func names(_ walk: FolderWalk) -> [String] {
        walk.map {
            switch $0 {
            case .file(let name, _): name.text
            case .skipped(let name, _): "skipped \(name.text)"
            case .failed(let name, _): "failed \(name.text)"
            }
        }
    }

    @Test func `files come in the order of their names, with size and time`() async throws {
        try await withTemporaryFolder { folder in
            try write(["b", "a/z", "a/b/c", "c", ".hidden"], in: folder)
            let items = Array(FolderWalk(folder: folder.path))
            #expect(names(FolderWalk(folder: folder.path)) == [".hidden", "a/b/c", "a/z", "b", "c"])
            guard case .file(_, let facts) = items[3] else {
                Issue.record("\(items)")
                return
            }
            #expect(facts.size == 1)
            #expect(facts.modified > FileTime(seconds: 1_600_000_000, nanoseconds: 0))
        }
    }

    @Test func `links to files are followed, links to folders, pipes and temporaries are not`() async throws {
        try await withTemporaryFolder { folder in
            try write(["real/file", ".x.storj-part", "x.storj-part"], in: folder)
            let manager = FileManager.default
            try manager.createSymbolicLink(at: folder.appending(path: "circle"), withDestinationURL: folder)
            try manager.createSymbolicLink(at: folder.appending(path: "link"), withDestinationURL: folder.appending(path: "real/file"))
            try manager.createSymbolicLink(at: folder.appending(path: "loose"), withDestinationURL: folder.appending(path: "nothing"))
            #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            #expect(names(FolderWalk(folder: folder.path)) == [
                "skipped circle", "link", "failed loose", "skipped pipe", "real/file", "x.storj-part",
            ])
        }
    }

    @Test func `excluded folders are not read`() async throws {
        try await withTemporaryFolder { folder in
            try write(["keep/a.txt", "keep/b.log", "cache/x", "deep/cache/y", "z.txt"], in: folder)
            let filter = NameFilter(includes: [try GlobPattern("*.txt"), try GlobPattern("x")], excludes: [try GlobPattern("cache/")])
            #expect(names(FolderWalk(folder: folder.path, filter: filter)) == ["keep/a.txt", "z.txt"])
        }
    }

    @Test func `a folder that is not there is told`() {
        #expect(names(FolderWalk(folder: "/nowhere/at/all")) == ["failed "])
    }

    @Test func `a name that is not text is told`() async throws {
        try await withTemporaryFolder { folder in
            let path = Array(folder.path.utf8CString.dropLast()) + [CChar(bitPattern: 0x2f), CChar(bitPattern: 0xff), 0]
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
            #expect(descriptor >= 0)
            close(descriptor)
            guard case .failed(_, let reason)? = Array(FolderWalk(folder: folder.path)).first else {
                Issue.record("not told")
                return
            }
            #expect(reason.contains("UTF-8"))
        }
    }
}
