import StorageModel
import Testing

@Suite struct RedundancySchemeTests {
    @Test func `a text of four numbers in order is a scheme and prints itself`() throws {
        let scheme = try #require(RedundancyScheme(text: "4/6/8/10"))
        #expect(scheme == .development)
        #expect(scheme.description == "4/6/8/10")
        #expect(scheme.stripeSize == 1024)
        #expect(RedundancyScheme(text: "29/35/80/110") == .release)
    }

    @Test(arguments: ["", "4", "4/6/8", "4/6/8/10/12", "0/1/2/3", "6/4/8/10", "4/6/8/257", "a/b/c/d", "4//6/8", "4/6/10/8"])
    func `numbers out of order, out of range or not there are refused`(text: String) {
        #expect(RedundancyScheme(text: text) == nil)
    }

    @Test func `a share has between one byte and one MiB`() {
        for size in [0, -1, 1 << 20 + 1] {
            #expect(RedundancyScheme(required: 1, repair: 1, optimal: 1, total: 1, shareSize: size) == nil)
        }
        #expect(RedundancyScheme(required: 256, repair: 256, optimal: 256, total: 256, shareSize: 1 << 20) != nil)
    }

    @Test(arguments: [
        (0, 256), (1, 256), (1020, 256), (1021, 512), (2044, 512), (64 << 20, 16_777_472),
    ] as [(Int64, Int64)])
    func `a piece holds its part of the padded segment`(encryptedSize: Int64, pieceSize: Int64) {
        #expect(RedundancyScheme.development.pieceSize(encryptedSize: encryptedSize) == pieceSize)
    }

    @Test func `a download is offered a few more pieces than it needs`() {
        #expect(RedundancyScheme.development.downloadShares == 5)
        #expect(RedundancyScheme.release.downloadShares == 39)
    }
}
