import StorageModel
import WireMessages

/// When an object ends, from what the request asks and the key allows.
///
/// - Source: protocol document 2 §3.4.
enum Expiry {
    /// The expiry to store, cut to microseconds; nil keeps the object for good.
    static func validate(_ asked: Timestamp?, maximumTTL: Duration?, now: Timestamp) throws -> Timestamp? {
        guard let asked else { return maximumTTL.map { now.advanced(by: $0).truncatedToMicroseconds } }
        guard asked > now else { throw Refusal.invalid("invalid expiration time, cannot be in the past") }
        if let maximumTTL, asked > now.advanced(by: maximumTTL) {
            throw Refusal.invalid(
                "invalid expiration time, cannot be longer than \(HumanText.duration(maximumTTL))")
        }
        return asked.truncatedToMicroseconds
    }
}
