import GatewayRecords
package import StorageModel
import Synchronization
import Uplink

/// Whether accounts have buckets of their own under names that belong to others here: made with other tools than this
/// gateway. Asked of the satellite, and remembered for a while.
package final class NativeBuckets: Sendable {
    /// How long an answer is believed.
    private static let freshness = Duration.seconds(60)
    /// Answers remembered; beyond it all are forgotten at once, which costs one call each.
    private static let maximumCount = 4096

    private struct Question: Hashable {
        let account: String
        let bucket: String
    }

    private struct Answer {
        let isThere: Bool
        let askedAt: Timestamp
    }

    private let clock: WallClock
    private let answers = Mutex<[Question: Answer]>([:])

    package init(clock: WallClock) {
        self.clock = clock
    }

    /// Whether a caller has a bucket of this name in his own project.
    func hasBucket(_ bucket: String, of caller: Caller, _ projects: ProjectSource) async throws -> Bool {
        guard let account = caller.account?.id else { return false }
        let question = Question(account: account, bucket: bucket)
        let now = clock.now()
        if let known = answers.withLock({ $0[question] }),
            (.zero..<Self.freshness).contains(now.duration(since: known.askedAt))
        {
            return known.isThere
        }
        let isThere = try await exists(bucket, in: try await projects.own(caller))
        answers.withLock { answers in
            if answers.count >= Self.maximumCount { answers = [:] }
            answers[question] = Answer(isThere: isThere, askedAt: now)
        }
        return isThere
    }

    private func exists(_ bucket: String, in project: Project) async throws -> Bool {
        do {
            _ = try await project.bucket(bucket)
            return true
        } catch let error as UplinkError where [.bucketNotFound, .permissionDenied].contains(error.code) {
            // A grant that may not know of the bucket cannot open it either.
            return false
        }
    }
}
