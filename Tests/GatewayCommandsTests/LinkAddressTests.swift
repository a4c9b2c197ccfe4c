import ClientCommands
import LinkSharing
import Testing

@Suite struct LinkAddressTests {
    @Test(arguments: ["", "a/b.txt", "a b/ü/%2F?#&\"<>/", "//"])
    func `the service understands the links that share prints`(key: String) throws {
        for isRaw in [false, true] {
            let address = LinkAddress(base: "http://h:1", access: "1grantABC", isRaw: isRaw)
            let url = address.url(to: RemotePath(bucket: "bucket", key: key))
            let path = try #require(url.wholeMatch(of: #/http://h:1(/.*)/#)?.output.1)
            #expect(
                SharedLink(path: String(path))
                    == SharedLink(isRaw ? .raw : .page, access: "1grantABC", bucket: "bucket", key: key))
        }
    }
}
