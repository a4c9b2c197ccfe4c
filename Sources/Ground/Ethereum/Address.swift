package import StorageModel

/// An account or contract of Ethereum: twenty bytes.
package struct Address: Hashable, Sendable, Comparable {
    /// How many bytes an address has.
    package static let byteCount = 20

    /// The bytes.
    package let bytes: [UInt8]

    /// The address nobody has.
    package static let zero = Address(padded: Bytes32())

    /// Exactly twenty bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// The last twenty bytes of a word.
    package init(padded word: Bytes32) { bytes = Array(word.bytes.suffix(Self.byteCount)) }

    /// Reads forty hexadecimal digits, with or without `0x`. Digits of both cases must form the checksum.
    ///
    /// - Throws: `EthereumError.malformed`, `.wrongChecksum`.
    /// - Source: EIP-55.
    package init(_ text: String) throws(EthereumError) {
        let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? String(text.dropFirst(2)) : text
        guard digits.utf8.count == 2 * Self.byteCount, let bytes = Hexadecimal.decode(digits) else {
            throw .malformed("address \(text.prefix(64)): 40 hexadecimal digits after 0x are expected")
        }
        self.bytes = bytes
        let isMixed = digits != digits.lowercased() && digits != digits.uppercased()
        guard !isMixed || digits == String(checksummed.dropFirst(2)) else { throw .wrongChecksum(text) }
    }

    /// As a word of an encoded call: twelve zero bytes in front.
    package var word: Bytes32 {
        guard let word = Bytes32([UInt8](repeating: 0, count: 12) + bytes) else {
            preconditionFailure("twelve and twenty bytes are thirty-two")
        }
        return word
    }

    /// With the checksum in the case of its letters.
    ///
    /// - Source: EIP-55.
    package var checksummed: String {
        let digits = Array(Hexadecimal.encode(bytes).utf8)
        let hash = Keccak256.hash(digits).bytes
        let cased = digits.enumerated().map { index, digit in
            let nibble = index % 2 == 0 ? hash[index / 2] >> 4 : hash[index / 2] & 15
            return nibble >= 8 && digit >= UInt8(ascii: "a") ? digit - 32 : digit
        }
        return "0x" + String(decoding: cased, as: UTF8.self)
    }

    package static func < (left: Address, right: Address) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Address: CustomStringConvertible {
    package var description: String { checksummed }
}
