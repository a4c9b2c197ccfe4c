import LinkSharing
import Testing

@Suite struct SharedLinkTests {
    @Test(arguments: [
        SharedLink(.page, access: "grant"), SharedLink(.raw, access: "grant", bucket: "b", key: ""),
        SharedLink(.raw, access: "grant", bucket: "b", key: "a/b/c.txt"),
        SharedLink(.page, access: "grant", bucket: "b", key: "ü/ %2F?#&+\"<>\\/x/"),
        SharedLink(.page, access: "grant", bucket: "b", key: "//"),
    ])
    func `a link survives being written and read`(link: SharedLink) {
        #expect(SharedLink(path: link.path) == link)
        #expect(link.path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    }

    @Test(arguments: [
        "", "/", "/s", "/s/", "/s//b/k", "/x/grant/b/k", "s/grant/b", "/s/grant/b/%", "/s/grant/b/%4", "/s/grant/b/%zz",
        "/s/grant/b/%ff", "/s/grant/b/%00", "/s/%C0%AF/b/k", "/s/grant//key",
    ])
    func `what is not a link is refused`(path: String) {
        #expect(SharedLink(path: path) == nil)
    }

    @Test func `a key without end or with a slash at its end is a prefix`() {
        #expect(SharedLink(path: "/s/g/b")?.isPrefix == true)
        #expect(SharedLink(path: "/s/g/b/a/")?.isPrefix == true)
        #expect(SharedLink(path: "/s/g/b/a")?.isPrefix == false)
    }
}
