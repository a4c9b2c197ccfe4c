import ClientCommands
import Testing

@Suite struct GlobPatternTests {
    private func covers(_ pattern: String, _ name: String) throws -> Bool {
        try GlobPattern(pattern).covers(file: RelativeName(name))
    }

    @Test(arguments: [
        ("*.log", "a.log", true), ("*.log", "deep/down/a.log", true), ("*.log", "a.log.gz", false),
        ("?.txt", "a.txt", true), ("?.txt", "ä.txt", true), ("?.txt", "ab.txt", false), ("a*c", "ac", true), ("a*c", "abbbc", true),
        ("*", ".hidden", true),
    ])
    func `a pattern without a slash is about names at every depth`(pattern: String, name: String, isCovered: Bool) throws {
        #expect(try covers(pattern, name) == isCovered)
    }

    @Test(arguments: [
        ("build/*.o", "build/a.o", true), ("build/*.o", "x/build/a.o", false), ("build/*.o", "build/sub/a.o", false),
        ("/top", "top", true), ("/top", "sub/top", false), ("/top", "top/below", true), ("a/b", "a/b", true),
        ("src/*/test", "src/x/test", true), ("src/*/test", "src/x/y/test", false),
    ])
    func `a pattern with a slash is about the whole name`(pattern: String, name: String, isCovered: Bool) throws {
        #expect(try covers(pattern, name) == isCovered)
    }

    @Test(arguments: [
        ("a/**/z", "a/z", true), ("a/**/z", "a/b/z", true), ("a/**/z", "a/b/c/z", true), ("a/**/z", "az", false),
        ("a/**/z", "a/bz", false), ("**/z", "z", true), ("**/z", "a/b/z", true), ("**/z", "a/bz", false), ("a/**", "a/b/c", true),
        ("a/**", "b/a/c", false), ("/a**z", "ab/cz", true), ("**", "a/b", true), ("**/**/z", "z", true),
    ])
    func `two stars cross folders`(pattern: String, name: String, isCovered: Bool) throws {
        #expect(try covers(pattern, name) == isCovered)
    }

    @Test(arguments: [
        ("[ab].c", "a.c", true), ("[ab].c", "c.c", false), ("[a-f]x", "dx", true), ("[!a-f]x", "dx", false), ("[^a-f]x", "gx", true),
        ("[]]x", "]x", true), ("[a-]x", "-x", true), ("/a[/]b", "a/b", false), ("/a[!x]b", "a/b", false),
        ("\\*.c", "*.c", true), ("\\*.c", "a.c", false), ("\\[a", "[a", true),
    ])
    func `sets and quoted characters stand for themselves`(pattern: String, name: String, isCovered: Bool) throws {
        #expect(try covers(pattern, name) == isCovered)
    }

    @Test func `a folder that is covered covers all that is in it`() throws {
        #expect(try covers("node_modules", "a/node_modules/x/y.js"))
        #expect(try covers("cache/", "a/cache/x"))
        #expect(try !covers("cache/", "a/cache"))
        #expect(try GlobPattern("cache/").covers(folder: RelativeName("a/cache")))
        #expect(try GlobPattern("cache").covers(folder: RelativeName("a/cache")))
    }

    @Test(arguments: ["", "/", "[ab", "[", "[b-a]", "[!"])
    func `what is no pattern is refused`(text: String) {
        #expect(throws: GlobPattern.Malformed.self) { try GlobPattern(text) }
    }

    @Test func `many stars end in bounded time`() throws {
        let pattern = String(repeating: "*a", count: 50) + "b"
        #expect(try !covers(pattern, String(repeating: "a", count: 2000)))
    }

    @Test func `a filter takes what is included and not excluded`() throws {
        let filter = NameFilter(includes: [try GlobPattern("*.jpg"), try GlobPattern("docs/")], excludes: [try GlobPattern("draft*")])
        #expect(filter.admits(RelativeName("a/b.jpg")))
        #expect(filter.admits(RelativeName("docs/readme")))
        #expect(!filter.admits(RelativeName("a/b.png")))
        #expect(!filter.admits(RelativeName("docs/draft.txt")))
        #expect(filter.excludes(folder: RelativeName("a/drafts")))
        #expect(!filter.excludes(folder: RelativeName("a/photos")))
        #expect(NameFilter.everything.admits(RelativeName("anything")))
    }
}
