import ClientCommands
import Testing

@Suite struct SafeNameTests {
    @Test(arguments: [
        "..", ".", "../x", "a/../b", "a/..", "a/.", "./a", "/etc/passwd", "a//b", "a/", "/", "", "a\0b", "\0",
        String(repeating: "x", count: 256), "ok/" + String(repeating: "ä", count: 128),
    ])
    func `names that leave the folder or are none are refused`(name: String) {
        #expect(throws: SafeName.Refusal.self) { try SafeName.path(of: RelativeName(name), below: "/target") }
    }

    @Test(arguments: ["a", "a/b/c", ".hidden", "..a", "a..", "...", "-", "~", "a b", "a\\b", "ä/ö", "a\n", String(repeating: "x", count: 255)])
    func `ordinary names stay as they are`(name: String) throws {
        #expect(try SafeName.path(of: RelativeName(name), below: "/target") == "/target/" + name)
        #expect(try SafeName.path(of: RelativeName(name), below: "/target/") == "/target/" + name)
        #expect(try SafeName.path(of: RelativeName(name), below: "") == name)
    }

    @Test func `a mark behind a slash hides neither the slash nor the dots`() {
        #expect(throws: SafeName.Refusal.self) { try SafeName.path(of: RelativeName("..//\u{301}x"), below: "t") }
        #expect(throws: SafeName.Refusal.self) { try SafeName.path(of: RelativeName("a/../\u{301}x"), below: "t") }
    }

    @Test func `names that look the same but have other bytes are different`() {
        let composed = RelativeName("\u{e9}"), decomposed = RelativeName("e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test func `what is below a prefix is found by bytes`() {
        #expect(RelativeName("a/\u{301}x", below: "a/") == RelativeName("\u{301}x"))
        #expect(RelativeName("ab", below: "a/") == nil)
        #expect(RelativeName("a/", below: "a/")?.text == "")
    }
}
