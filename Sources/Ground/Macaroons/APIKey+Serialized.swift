import StorageModel

extension APIKey {
    /// The format's version byte.
    private static let version: UInt8 = 2

    /// Packets of the format, by field number.
    private enum Field {
        static let endOfSection = 0
        static let location = 1
        static let identifier = 2
        static let verification = 4
        static let signature = 6
    }

    /// Parses the binary form, which request headers carry.
    ///
    /// Tolerates what other writers may add: a location before an identifier, a verification id after a caveat, and
    /// bytes behind the signature.
    /// - Throws: `.malformed` naming the rule broken.
    /// - Source: protocol document 1 §4.2 (the binary form of libmacaroons, version 2).
    package init(serialized: some Collection<UInt8>) throws(APIKeyError) {
        guard serialized.count <= Self.maximumSize else { throw .malformed("longer than \(Self.maximumSize) bytes") }
        var reader = PacketReader(bytes: Array(serialized))
        guard let version = reader.nextByte() else { throw .malformed("empty macaroon") }
        guard version == Self.version else { throw .malformed("invalid macaroon version") }
        guard let head = try Self.identifier(in: try reader.section(), mayBeVerified: false) else {
            throw .malformed("no identifier")
        }
        var caveats: [[UInt8]] = []
        while let caveat = try Self.identifier(in: try reader.section(), mayBeVerified: true) {
            caveats.append(caveat)
        }
        let signature = try reader.packet()
        guard signature.field == Field.signature else { throw .malformed("no signature") }
        guard let tail = Bytes32(signature.data) else { throw .malformed("signature of a wrong length") }
        self.init(head: head, caveats: caveats, tail: tail)
    }

    /// Parses the text form, base58check version 0 of the binary form.
    ///
    /// - Throws: `.malformed` naming the rule broken.
    package init(text: String) throws(APIKeyError) {
        guard let decoded = Base58Check.decode(text) else { throw .malformed("not base58check") }
        guard decoded.version == 0 else { throw .malformed("unknown text version") }
        try self.init(serialized: decoded.payload)
    }

    /// The binary form.
    package var serialized: [UInt8] {
        var bytes = [Self.version]
        Self.append(Field.identifier, head, to: &bytes)
        bytes.append(UInt8(Field.endOfSection))
        for caveat in caveats {
            Self.append(Field.identifier, caveat, to: &bytes)
            bytes.append(UInt8(Field.endOfSection))
        }
        bytes.append(UInt8(Field.endOfSection))
        Self.append(Field.signature, tail.bytes, to: &bytes)
        return bytes
    }

    /// The text form. A secret.
    package var text: String { Base58Check.encode(version: 0, payload: serialized) }

    /// The identifier of a section; nil for the empty section that ends the list of caveats.
    private static func identifier(
        in section: [PacketReader.Packet], mayBeVerified: Bool
    ) throws(APIKeyError) -> [UInt8]? {
        var packets = section[...]
        if packets.first?.field == Field.location {
            packets = packets.dropFirst()
            if packets.isEmpty { throw .malformed("a location without identifier") }
        }
        guard let first = packets.popFirst() else { return nil }
        guard first.field == Field.identifier else { throw .malformed("no identifier in a section") }
        if mayBeVerified, packets.first?.field == Field.verification { packets = packets.dropFirst() }
        guard packets.isEmpty else { throw .malformed("unexpected field in a section") }
        return first.data
    }

    private static func append(_ field: Int, _ data: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(field))
        var length = data.count
        while length >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 128)
            length >>= 7
        }
        bytes.append(UInt8(length))
        bytes += data
    }
}
