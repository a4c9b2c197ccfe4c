import StorageModel
import StorageNode
import Testing

@Suite struct TrustSourceTests {
    private let first = "1sBNd7tK1KK9pABByA4LChrVdEDVVCG3nW7mQByFmq6xQSPYnG@127.0.0.1:7777"

    @Test func `commas, line ends, blank lines and comments separate satellites`() throws {
        let list = try TrustSource.parse("# ours\n \n  \(first) \n,\(first)\n")
        #expect(list.map(\.description) == [first])
        #expect(try TrustSource.parse("").isEmpty)
    }

    @Test(arguments: [
        "127.0.0.1:7777", "1sBNd7tK1KK9pABByA4LChrVdEDVVCG3nW7mQByFmq6xQSPYnG@127.0.0.1",
        "1sBNd7tK1KK9pABByA4LChrVdEDVVCG3nW7mQByFmq6xQSPYnG@:1", "http://x@y:1", "nonsense",
    ])
    func `an entry without id, host or port is refused`(entry: String) {
        #expect(throws: TrustSource.Failure.self) { try TrustSource.parse(entry) }
    }

    @Test func `one satellite with two addresses is refused`() throws {
        let other = first.replacing("7777", with: "7778")
        let id = try NodeURL(text: first).id
        #expect(throws: TrustSource.Failure.twoAddresses(id)) { try TrustSource.parse("\(first),\(other)") }
    }
}
