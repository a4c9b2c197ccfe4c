import Accounting
import Accounts
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Refuses what would bring the project over its limits. The limits of a frozen one are used up.
    func refuseOverUse(_ caller: Caller, addingBytes bytes: Int64, addingSegments segments: Int64) throws {
        if caller.lookup.isFrozen { throw Refusal.storageExceeded }
        let limits = caller.lookup.limits
        let exceeded = accounting.exceeded(
            project: caller.projectID,
            limits: (
                storageBytes: limits.storageBytes, bandwidthBytes: limits.bandwidthBytes, segments: limits.segments
            ), addingBytes: bytes, addingSegments: segments)
        switch exceeded {
        case .storage: throw Refusal.storageExceeded
        case .segments: throw Refusal.segmentsExceeded
        default: return
        }
    }

    /// Refuses a download of a project that has used up its bandwidth, or is frozen.
    func refuseOverBandwidth(_ caller: Caller) throws {
        guard !caller.lookup.isFrozen,
            !accounting.bandwidthExceeded(project: caller.projectID, limit: caller.lookup.limits.bandwidthBytes)
        else { throw Refusal.usageExceeded }
    }

    /// Counts a segment that was stored.
    func countStored(_ segment: NewSegment, bucket: BucketLocation, _ caller: Caller) {
        accounting.addUsage(project: caller.projectID, storageBytes: segment.encryptedSize, segments: 1)
        if case .inline = segment.content {
            countInline(bucket: Array(bucket.name.utf8), action: .put, bytes: segment.encryptedSize, caller)
        }
    }

    /// Counts bytes that went through the satellite itself.
    func countInline(bucket: [UInt8], action: PieceAction, bytes: Int64, _ caller: Caller) {
        accounting.countInline(project: caller.projectID, bucket: bucket, action: action, bytes: bytes)
    }
}
