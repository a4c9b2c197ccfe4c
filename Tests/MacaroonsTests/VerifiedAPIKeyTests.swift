import Macaroons
import StorageModel
import TestSupport
import Testing

@Suite struct VerifiedAPIKeyTests {
    @Test func `every check of the reference has its result here`() throws {
        let vectors = try MacaroonVectors.load()
        #expect(vectors.checks.count == 244)
        for check in vectors.checks {
            let golden = try #require(vectors.keys.first { $0.name == check.key })
            let key = try APIKey(serialized: golden.raw_hex.bytes)
            #expect(try result(of: check, key: key) == check.result, "\(check)")
        }
    }

    private func result(of check: MacaroonVectors.Check, key: APIKey) throws -> String {
        let time = try #require(Timestamp(seconds: check.time_unix, nanoseconds: 0))
        guard let operation = APIKeyOperation(rawValue: check.op) else { return "unauthorized" }
        let action = APIKeyAction(
            operation, bucket: check.bucket_hex.bytes, encryptedPath: check.encrypted_path_hex.bytes, time: time)
        let revoked = Set((check.revoked_tails_hex ?? []).map(\.bytes))
        do {
            let verified = try key.verified(secret: check.secret_hex.bytes)
            let features = APIKeyFeatures(rawValue: check.key_version)
            try verified.check(action, features: features) { revoked.contains($0.bytes) }
            return "ok"
        } catch {
            switch error {
            case .invalid: return "invalid"
            case .unauthorized: return "unauthorized"
            case .revoked: return "revoked"
            case .malformed: return "malformed"
            }
        }
    }

    @Test func `allowed buckets are those of every caveat that names some`() throws {
        for golden in try MacaroonVectors.load().keys {
            let key = try APIKey(serialized: golden.raw_hex.bytes).verified(secret: golden.secret_hex.bytes)
            let expected = golden.allowed_buckets.all ? nil : golden.allowed_buckets.buckets?.map { Array($0.utf8) }
            #expect(key.allowedBuckets == expected.map { Set($0) }, "\(golden.name)")
        }
    }

    @Test func `the shortest life of objects counts`() throws {
        let (root, secret) = APIKey.mint(using: .seeded(1))
        #expect(try root.verified(secret: secret).maximumObjectTTL == nil)
        let key = root.restricted(by: Caveat(maximumObjectTTL: .seconds(60)))
            .restricted(by: Caveat(maximumObjectTTL: .seconds(5) + .nanoseconds(1)))
            .restricted(by: Caveat(maximumObjectTTL: .seconds(70)))
        #expect(try key.verified(secret: secret).maximumObjectTTL == .seconds(5) + .nanoseconds(1))
    }

    @Test func `only an ancestor may revoke`() throws {
        let (root, secret) = APIKey.mint(using: .seeded(3))
        let child = root.restricted(by: Caveat(nonce: [1]))
        let sibling = root.restricted(by: Caveat(nonce: [2]))
        let grandchild = child.restricted(by: Caveat(nonce: [3]))
        let (stranger, strangersSecret) = APIKey.mint(using: .seeded(4))
        let keys = try [root, child, sibling, grandchild].map { try $0.verified(secret: secret) }
        let may = keys.map { revoker in keys.map { revoker.mayRevoke($0) } }
        #expect(
            may == [
                [false, true, true, true], [false, false, false, true], [false, false, false, false],
                [false, false, false, false],
            ])
        #expect(!keys[0].mayRevoke(try stranger.verified(secret: strangersSecret)))
    }
}
