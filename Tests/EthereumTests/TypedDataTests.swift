import Ethereum
import StorageModel
import Testing

@Suite struct TypedDataTests {
    @Test func `the mail of EIP-712 is hashed and signed as published`() throws {
        let person = TypedStruct("Person", [("name", .value(.string)), ("wallet", .value(.address))])
        let mail = TypedStruct(
            "Mail", [("from", .structure(person)), ("to", .structure(person)), ("contents", .value(.string))])
        let domain = SigningDomain(
            name: "Ether Mail", version: "1", chainID: 1,
            contract: try Address("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"))
        let hash = try mail.hash([
            .tuple([.string("Cow"), .address(try Address("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))]),
            .tuple([.string("Bob"), .address(try Address("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))]),
            .string("Hello, Bob!"),
        ])
        #expect(text(domain.separator) == "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
        #expect(text(hash) == "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
        #expect(text(domain.digest(hash)) == "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
        let key = try PrivateKey(secret: Keccak256.hash(Array("cow".utf8)))
        #expect(key.address.checksummed == "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")
        let signature = key.sign(domain.digest(hash))
        #expect(signature.v == 28)
        #expect(text(signature.r) == "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d")
        #expect(text(signature.s) == "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562")
    }

    @Test func `a voucher is hashed and signed as another implementation did`() throws {
        let voucher = TypedStruct(
            "Voucher",
            [
                ("channel", .value(.fixedBytes(32))), ("cumulative", .value(.uint(64))), ("period", .value(.uint(32))),
                ("statement", .value(.fixedBytes(32))),
            ])
        let key = try PrivateKey(secret: try #require(Bytes32([UInt8](repeating: 0x46, count: 32))))
        let channel = Keccak256.hash(
            ABIValue.encode([
                .address(try Address(String(repeating: "11", count: 20))),
                .address(try Address(String(repeating: "22", count: 20))), .address(key.address), .uint(86400),
                .word(Bytes32()),
            ]))
        #expect(text(channel) == "dc9d3622d95082b9b36a13515a4e8a17e828cc09939ef5b9b491e3a987f79c9e")
        let domain = SigningDomain(
            name: "StorjChannels", version: "1", chainID: 1337, contract: try Address(String(repeating: "33", count: 20)))
        #expect(text(domain.separator) == "7ed4b11d2b2e08f4d1abee8d11ef2c2b7f95337519ea0a08ba6da0b3e3e699c6")
        #expect(text(voucher.typeHash) == "bd1b1676c9aad6abee22e8f2fdff219a4613fffe148342ba4dd6ee3e5f15835c")
        let hash = try voucher.hash([
            .word(channel), .uint(123_456_789), .uint(7), .word(Keccak256.hash(Array("statement".utf8))),
        ])
        #expect(text(hash) == "dcc24476bc67cff7ba753c826a183fc2988d1db99dd0acdbe193b03536064f01")
        let digest = domain.digest(hash)
        #expect(text(digest) == "d594add3cb60671ee64831fbf29eaed6eefc1f7d2b6eec9a4cd266791af51878")
        let signature = key.sign(digest)
        #expect(signature.v == 27)
        #expect(text(signature.r) == "ea19884693ef58064ef631aa8082cdfc72e167bd32390bffd0db0356c2c4d69b")
        #expect(text(signature.s) == "39d28a0960a9a9041a191ac421f526f91f0fb2c989b4b05a13dfd8d53438213b")
    }

    @Test func `values of other types than their fields are refused`() throws {
        let kind = TypedStruct("Kind", [("small", .value(.uint(8))), ("word", .value(.fixedBytes(32)))])
        #expect(throws: EthereumError.self) { try kind.hash([.uint(256), .word(Bytes32())]) }
        #expect(throws: EthereumError.self) { try kind.hash([.uint(255), .fixedBytes([1])]) }
        #expect(throws: EthereumError.self) { try kind.hash([.uint(255)]) }
        #expect(throws: EthereumError.self) { try kind.hash([.string("255"), .word(Bytes32())]) }
    }

    private func text(_ word: Bytes32) -> String { Hexadecimal.encode(word.bytes) }
}
