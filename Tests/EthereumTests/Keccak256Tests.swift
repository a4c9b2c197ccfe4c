import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct Keccak256Tests {
    /// The digests of the Keccak team's and Ethereum's published examples.
    @Test(arguments: [
        ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        ("transfer(address,uint256)", "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b"),
    ])
    func `published digests come out`(text: String, digest: String) {
        #expect(Hexadecimal.encode(Keccak256.hash(Array(text.utf8)).bytes) == digest)
    }

    @Test(arguments: [0, 1, 134, 135, 136, 137, 271, 272, 273, 1000])
    func `any division of the input gives the same hash`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var hasher = Keccak256()
        for byte in bytes { hasher.update([byte]) }
        #expect(hasher.finalize() == Keccak256.hash(bytes))
    }

    @Test func `a hash taken midway does not disturb the hasher`() {
        var hasher = Keccak256()
        hasher.update(Array("a".utf8))
        _ = hasher.finalize()
        hasher.update(Array("bc".utf8))
        #expect(hasher.finalize() == Keccak256.hash(Array("abc".utf8)))
    }

    @Test func `bytes in one place and bytes one after the other have one hash`() {
        let random = RandomSource.seeded(6)
        for count in 0..<300 {
            let bytes = random.bytes(count: count)
            #expect(Keccak256.hash(bytes) == Keccak256.hash(AnySequence(bytes)))
        }
    }
}
