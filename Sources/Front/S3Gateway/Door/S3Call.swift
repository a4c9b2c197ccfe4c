package import GatewayRecords
import NIOCore
package import S3Protocol
package import Uplink

/// A request that was let in, with all that its operation needs.
package struct S3Call: Sendable {
    package let request: S3Request
    package let operation: S3Operation
    package let caller: Caller
    /// The project of the bucket's owner, opened with his own grant or with the one he left for strangers.
    package let project: Project
    /// The account the bucket belongs to; the caller's own where there is no bucket yet.
    package let owner: GatewayAccount
    package let gateway: GatewayContext
    /// Whether the caller may learn that an object is not there; who may not list is refused instead.
    package let mayLearnAbsence: Bool

    package init(
        request: S3Request, operation: S3Operation, caller: Caller, project: Project, owner: GatewayAccount,
        gateway: GatewayContext, mayLearnAbsence: Bool = true
    ) {
        self.request = request
        self.operation = operation
        self.caller = caller
        self.project = project
        self.owner = owner
        self.gateway = gateway
        self.mayLearnAbsence = mayLearnAbsence
    }

    /// The bucket that the request is about.
    ///
    /// - Throws: `InvalidBucketName` for a request about none.
    package var bucket: String {
        get throws(S3Error) {
            guard let bucket = request.target.bucket else { throw S3Error(.invalidBucketName) }
            return bucket
        }
    }

    /// The key that the request is about.
    ///
    /// - Throws: `InvalidURI` for a request about none.
    package var key: String {
        get throws(S3Error) {
            guard let key = request.target.key else { throw S3Error(.invalidURI) }
            return key
        }
    }

    /// The body of a request that carries a document.
    ///
    /// - Throws: `MaxMessageLengthExceeded` beyond the gateway's limit; what the body's checks throw.
    package func document() async throws -> [UInt8] {
        let bytes = try await request.body.collect(upTo: gateway.settings.longestDocument)
        return Array(bytes.readableBytesView)
    }
}
