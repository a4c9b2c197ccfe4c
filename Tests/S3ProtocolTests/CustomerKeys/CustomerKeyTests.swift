import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import TestSupport
import Testing

@Suite struct CustomerKeyTests {
    private static let prefix = "x-amz-server-side-encryption-customer"
    private let salt = [UInt8](repeating: 7, count: 16)

    private func headers(_ key: String?, _ md5: String?, algorithm: String? = "AES256") throws -> HTTPFields {
        var fields = HTTPFields()
        for (suffix, value) in [("-algorithm", algorithm), ("-key", key), ("-key-md5", md5)] {
            guard let value else { continue }
            fields[try #require(HTTPField.Name(Self.prefix + suffix))] = value
        }
        return fields
    }

    private func key(other: Bool = false) throws -> CustomerKey {
        let fields = other
            ? try headers("6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=", "arxBvwY2V4SiOne6yppVPQ==")
            : try headers("pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=", "DWygnHRtgiJ77HCm+1rvHw==")
        return try #require(try RequestedEncryption.parse(fields).customerKey)
    }

    @Test func `half a key, another algorithm and a wrong digest are refused`() throws {
        let key = "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs="
        let md5 = "DWygnHRtgiJ77HCm+1rvHw=="
        for fields in [
            try headers(key, "AAAAAAAAAAAAAAAAAAAAAA=="), try headers(key, nil), try headers(nil, md5),
            try headers(key, md5, algorithm: nil), try headers(nil, nil), try headers("AAAA", md5),
            try headers(key, md5, algorithm: "AES128"),
        ] {
            let error = #expect(throws: S3Error.self) { try RequestedEncryption.parse(fields) }
            #expect(error?.status == .badRequest)
        }
    }

    @Test func `an object opens with its own key alone`() throws {
        let sealed = try key().seal(salt: salt)
        #expect(SealedCustomerKey(text: sealed.text) == sealed)
        _ = try sealed.open(try key())
        let other = try key(other: true)
        for wrong in [nil, other] {
            let error = #expect(throws: S3Error.self) { try sealed.open(wrong) }
            #expect(error?.code == .invalidRequest && error?.status == .badRequest)
        }
    }

    @Test func `content comes back from any offset, and no part's keystream is another's`() throws {
        let cipher = try key().seal(salt: salt).open(try key())
        let random = RandomSource.seeded(3)
        let plain = random.bytes(count: 1000)
        var sealed = ByteBuffer(bytes: plain)
        cipher.apply(&sealed, at: 0)
        #expect(Array(sealed.readableBytesView) != plain)
        for offset in [0, 1, 15, 16, 17, 500, 999] {
            var piece = ByteBuffer(bytes: Array(sealed.readableBytesView.dropFirst(offset)))
            cipher.apply(&piece, at: Int64(offset))
            #expect(Array(piece.readableBytesView) == Array(plain.dropFirst(offset)))
        }
        var part = ByteBuffer(bytes: plain)
        cipher.apply(&part, at: 0, part: 1)
        #expect(part != sealed)
        var other = ByteBuffer(bytes: plain)
        try key().seal(salt: Array(salt.reversed().dropLast()) + [8]).open(try key()).apply(&other, at: 0)
        #expect(other != sealed)
    }

    @Test func `keys of a key management service are not supported, unknown methods wrong`() throws {
        let name = try #require(HTTPField.Name("x-amz-server-side-encryption"))
        let keyID = try #require(HTTPField.Name("x-amz-server-side-encryption-aws-kms-key-id"))
        #expect(try RequestedEncryption.parse([name: "AES256"]) == .managed)
        #expect(try RequestedEncryption.parse([:]) == .none)
        #expect(#expect(throws: S3Error.self) { try RequestedEncryption.parse([name: "aws:kms"]) }?.code == .notImplemented)
        #expect(#expect(throws: S3Error.self) { try RequestedEncryption.parse([name: "AES192"]) }?.code == .invalidArgument)
        #expect(#expect(throws: S3Error.self) { try RequestedEncryption.parse([keyID: "k"]) }?.code == .invalidArgument)
    }
}
