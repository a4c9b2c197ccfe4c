import Macaroons
import StorageModel
import TestSupport
import Testing

@Suite struct CaveatTests {
    @Test func `caveats say what the reference wrote, and are written back byte for byte`() throws {
        var count = 0
        for golden in try MacaroonVectors.load().keys.flatMap({ $0.caveats ?? [] }) {
            let caveat = try Caveat(encoded: golden.bytes_hex.bytes)
            count += 1
            #expect(caveat.encoded == golden.bytes_hex.bytes)
            #expect(caveat.nonce == golden.fields.nonce_hex?.bytes ?? [])
            #expect(
                caveat.allowedPaths
                    == (golden.fields.allowed_paths ?? []).map {
                        .init(bucket: $0.bucket_hex.bytes, encryptedPrefix: $0.encrypted_path_prefix_hex.bytes)
                    })
            #expect(caveat.notAfter == golden.fields.not_after.flatMap(timestamp))
            #expect(caveat.notBefore == golden.fields.not_before.flatMap(timestamp))
            #expect(caveat.maximumObjectTTL == golden.fields.max_object_ttl_nanoseconds.map { .nanoseconds($0) })
        }
        #expect(count == 10)
    }

    private func timestamp(_ moment: MacaroonVectors.Moment) -> Timestamp? {
        Timestamp(seconds: moment.unix_seconds, nanoseconds: moment.nanos)
    }

    @Test func `both bounds of time are inclusive to the nanosecond`() throws {
        let start = try #require(Timestamp(seconds: 100, nanoseconds: 5))
        let end = try #require(Timestamp(seconds: 200, nanoseconds: 7))
        let caveat = Caveat(notAfter: end, notBefore: start)
        let allowed = [
            start.advanced(by: .nanoseconds(-1)), start, end, end.advanced(by: .nanoseconds(1)),
        ].map { caveat.allows(APIKeyAction(.write, bucket: [1], encryptedPath: [2], time: $0)) }
        #expect(allowed == [false, true, true, false])
    }

    @Test func `a bound in the year 1 is a bound`() throws {
        // not_after { seconds: -62135596800 }
        let message: [UInt8] = [0xa2, 0x01, 0x0b, 0x08] + [0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01]
        let caveat = try Caveat(encoded: message)
        #expect(!caveat.allows(APIKeyAction(.read, time: Timestamp(microseconds: 0))))
    }

    @Test func `times out of range and durations of two signs are refused`() {
        // not_after { nanos: -1 }
        #expect(throws: APIKeyError.self) {
            try Caveat(encoded: [0xa2, 0x01, 0x0b, 0x10] + [UInt8](repeating: 0xff, count: 9) + [0x01])
        }
        // max_object_ttl { seconds: 1, nanos: -1 }
        #expect(throws: APIKeyError.self) {
            try Caveat(encoded: [0xb2, 0x01, 0x0d, 0x08, 0x01, 0x10] + [UInt8](repeating: 0xff, count: 9) + [0x01])
        }
    }

    @Test func `unknown fields are skipped`() throws {
        // Field 100, three bytes, in front of disallow_deletes.
        let caveat = try Caveat(encoded: [0xa2, 0x06, 0x03, 1, 2, 3, 0x20, 0x01])
        #expect(caveat == Caveat(disallowed: .deletes))
    }
}
