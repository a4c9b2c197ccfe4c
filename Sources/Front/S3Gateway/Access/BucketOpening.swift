import GatewayRecords
import S3Protocol
import StorageModel
import Uplink

/// Lets others into a bucket: its owner's grant, restricted to it, stays with the gateway.
enum BucketOpening {
    /// Keeps the grant of the bucket's owner, when he is the one who calls. A stranger who may open more than was open
    /// came in by a grant that is already there.
    static func keepGrant(_ call: S3Call) async throws {
        let place = try call.place
        guard call.caller.account?.id == place.owner, let text = call.caller.grant else { return }
        guard try await call.gateway.doorkeeper.directory.claim(place, at: call.gateway.clock.now()) else {
            throw S3Error(.invalidBucketState, "Another account has a bucket of this name: this one cannot be opened")
        }
        let access = try Access(text)
        let permission = Permission(
            download: true, upload: true, list: true, delete: true)
        let restricted = try access.shared(permission, prefixes: [SharePrefix(bucket: place.bucket)])
        try await call.gateway.records.delegations.keep(grant: restricted.text, of: place, at: call.gateway.clock.now())
    }

    /// Refuses a list that lets strangers in where that is blocked.
    ///
    /// - Throws: `AccessDenied`.
    static func check(_ list: AccessControlPolicy, _ properties: BucketProperties) throws(S3Error) {
        guard !properties.publicAccess.blockPublicAcls || !list.isPublic else { throw S3Error(.accessDenied) }
    }
}
