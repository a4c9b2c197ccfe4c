import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct ABITests {
    @Test(arguments: [
        ("transfer", [ABIType.address, .uint(256)], "a9059cbb"), ("transferFrom", [.address, .address, .uint(256)], "23b872dd"),
        ("approve", [.address, .uint(256)], "095ea7b3"), ("balanceOf", [.address], "70a08231"),
        ("allowance", [.address, .address], "dd62ed3e"), ("decimals", [], "313ce567"), ("Error", [.string], "08c379a0"),
    ])
    func `selectors are the published ones`(name: String, types: [ABIType], selector: String) {
        #expect(Hexadecimal.encode(ABISignature(name, types).selector) == selector)
    }

    @Test func `the event of a transfer is found by its published topic`() {
        let event = ABISignature("Transfer", [.address, .address, .uint(256)])
        #expect(
            Hexadecimal.encode(event.topic.bytes) == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
    }

    /// The specification's example f(uint256,uint32[],bytes10,bytes).
    @Test func `the specification's example is written and read`() throws {
        let types: [ABIType] = [.uint(256), .array(.uint(32)), .fixedBytes(10), .bytes]
        let values: [ABIValue] = [
            .uint(0x123), .array([.uint(0x456), .uint(0x789)]), .fixedBytes(Array("1234567890".utf8)),
            .bytes(Array("Hello, world!".utf8)),
        ]
        let expected =
            "8be65246" + "0000000000000000000000000000000000000000000000000000000000000123"
            + "0000000000000000000000000000000000000000000000000000000000000080"
            + "3132333435363738393000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000e0"
            + "0000000000000000000000000000000000000000000000000000000000000002"
            + "0000000000000000000000000000000000000000000000000000000000000456"
            + "0000000000000000000000000000000000000000000000000000000000000789"
            + "000000000000000000000000000000000000000000000000000000000000000d"
            + "48656c6c6f2c20776f726c642100000000000000000000000000000000000000"
        let call = ABISignature("f", types).call(values)
        #expect(Hexadecimal.encode(call) == expected)
        #expect(try ABIValue.decode(types, from: Array(call.dropFirst(4))) == values)
    }

    @Test func `lists of tuples with parts of any length come back`() throws {
        let item: ABIType = .tuple([.address, .bytes, .tuple([.uint(64), .bool]), .array(.string)])
        let value: ABIValue = .tuple([
            .address(try Address(String(repeating: "ab", count: 20))), .bytes([1, 2, 3]), .tuple([.uint(7), .bool(true)]),
            .array([.string("a"), .string(String(repeating: "é", count: 40))]),
        ])
        let values: [ABIValue] = [.array([value, value]), .uint(9)]
        let types: [ABIType] = [.array(item), .uint(8)]
        #expect(item.name == "(address,bytes,(uint64,bool),string[])")
        #expect(try ABIValue.decode(types, from: ABIValue.encode(values)) == values)
    }

    @Test func `answers of liars are refused, whatever they say`() throws {
        let random = RandomSource.seeded(19)
        let types: [ABIType] = [.array(.tuple([.bytes, .uint(64)])), .string, .array(.array(.tuple([])))]
        let honest = ABIValue.encode([
            .array([.tuple([.bytes([1]), .uint(2)])]), .string("text"), .array([.array([])]),
        ])
        for _ in 0..<3000 {
            var bytes = honest
            for _ in 0...random.next() % 4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? ABIValue.decode(types, from: Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1)))))
        }
        #expect(throws: EthereumError.self) { try ABIValue.decode([.uint(8)], from: UInt256(256).bytes32.bytes) }
        #expect(throws: EthereumError.self) { try ABIValue.decode([.bool], from: UInt256(2).bytes32.bytes) }
        #expect(throws: EthereumError.self) { try ABIValue.decode([.address], from: UInt256.max.bytes32.bytes) }
        #expect(throws: EthereumError.self) { try ABIValue.decode([.uint(256)], from: []) }
    }
}
