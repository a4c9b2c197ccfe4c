import Accounts
import Macaroons
import StorageModel
import WireMessages

/// Whoever sent a request, with everything needed to say what they may do.
struct Caller: Sendable {
    let key: VerifiedAPIKey
    let lookup: KeyLookup
    /// Revoked or disabled: every demand fails.
    let isRefused: Bool
    /// The program that asks, for attribution.
    let userAgent: [UInt8]
    /// When the request came in.
    let time: Timestamp
    let limiter: ProjectRateLimiter
    let rate: RateLimit?

    var project: Project { lookup.project }
    var projectID: ProjectID { lookup.project.id }
    /// The longest life of objects made with this key; nil when it is not limited.
    var maximumObjectTTL: Duration? { key.maximumObjectTTL }
    private var features: APIKeyFeatures { lookup.key.features }

    /// Whether the key may do this; for permissions whose lack is no error.
    func may(_ operation: APIKeyOperation, bucket: [UInt8] = [], path: [UInt8] = []) -> Bool {
        guard !isRefused else { return false }
        let action = APIKeyAction(operation, bucket: bucket, encryptedPath: path, time: time)
        return key.allows(action, features: features)
    }

    /// Refuses unless the key may do this.
    func demand(_ operation: APIKeyOperation, bucket: [UInt8] = [], path: [UInt8] = []) throws {
        guard may(operation, bucket: bucket, path: path) else { throw Refusal.unauthorized }
    }

    /// Refuses unless the key may do one of these.
    func demand(anyOf operations: [APIKeyOperation], bucket: [UInt8], path: [UInt8]) throws {
        guard operations.contains(where: { may($0, bucket: bucket, path: path) }) else { throw Refusal.unauthorized }
    }

    /// Charges the request to its class.
    ///
    /// - Parameter isBreakable: false for the calls of an upload in flight, which an exhausted rate does not break.
    func charge(_ kind: RequestClass, isBreakable: Bool = true) throws {
        guard let rate else { return }
        if rate.forbidsAll { throw Refusal.accessDisabled }
        let isWithinRate = limiter.take(project: projectID, kind: kind, limit: rate)
        guard isWithinRate || !isBreakable else { throw Refusal.tooManyRequests }
    }
}
