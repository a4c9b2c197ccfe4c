import Foundation
import GatewayRecords
import Logging
import S3Protocol
import StorageModel
import Uplink

/// Does what buckets' lifecycle rules say: looks at every version of every object in every bucket that has rules, and at
/// uploads that were begun and never finished.
///
/// It works with the grant that the bucket's owner left with the gateway. What the satellite does not let go, because it
/// is locked, stays. A bucket that fails does not keep the others from their turn.
package struct LifecycleChore: Sendable {
    /// Buckets asked for at once.
    private static let pageSize = 100

    private let context: GatewayContext
    private let projects: ProjectSource

    package init(context: GatewayContext, projects: ProjectSource) {
        self.context = context
        self.projects = projects
    }

    /// One round over all buckets. A chore's work.
    package func run() async throws {
        var last: BucketPlace?
        while true {
            let places = try await context.records.buckets.places(with: .lifecycle, after: last, limit: Self.pageSize)
            for place in places {
                try Task.checkCancellation()
                do {
                    try await run(place)
                } catch let error as CancellationError {
                    throw error
                } catch {
                    context.logger.warning(
                        "a bucket's lifecycle is left for the next round",
                        metadata: ["owner": "\(place.owner)", "error": "\(error)"])
                }
            }
            guard places.count == Self.pageSize else { return }
            last = places.last
        }
    }

    private func run(_ place: BucketPlace) async throws {
        guard let lifecycle = try await context.doorkeeper.directory.properties(of: place).lifecycle else { return }
        let round = LifecycleRound(
            place: place, lifecycle: lifecycle, calendar: LifecycleCalendar(day: context.settings.lifecycleDay),
            project: try await projects.delegated(place), context: context)
        try await round.run()
    }
}
