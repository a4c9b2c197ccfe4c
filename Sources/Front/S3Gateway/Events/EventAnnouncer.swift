import Foundation
package import GatewayRecords
package import Logging
import S3Protocol
package import StorageModel
import Synchronization

/// Tells those who asked what happened to objects: the messages are in the outbox, on disk, when this returns.
///
/// What happened has happened: an operation that changed something succeeds even when nobody can be told.
package final class EventAnnouncer: Sendable {
    private let directory: BucketDirectory
    private let outbox: EventOutbox
    private let region: String
    private let clock: WallClock
    private let logger: Logger
    /// The sequencer of the last event: later ones are greater, also when the clock goes back.
    private let lastSequencer = Mutex<UInt64>(0)
    /// Called when messages came in.
    private let wake: @Sendable () -> Void

    /// - Parameter wake: sends what waits, soon; a cycle's `trigger`.
    package init(
        directory: BucketDirectory, outbox: EventOutbox, region: String, clock: WallClock, logger: Logger,
        wake: @escaping @Sendable () -> Void
    ) {
        self.directory = directory
        self.outbox = outbox
        self.region = region
        self.clock = clock
        self.logger = logger
        self.wake = wake
    }

    /// Something happened to an object by a request.
    ///
    /// - Parameters:
    ///   - size: bytes of its content; nil for what was removed.
    ///   - entityTag: without quotes; nil for what was removed.
    ///   - versionID: as the answer says it; nil in a bucket without versions.
    package func happened(
        _ name: EventName, _ call: S3Call, key: String, size: Int64? = nil, entityTag: String? = nil,
        versionID: String? = nil
    ) async {
        guard let bucket = call.request.target.bucket else { return }
        await happened(
            name, in: BucketPlace(owner: call.owner.id, bucket: bucket), key: key, size: size, entityTag: entityTag,
            versionID: versionID, caller: call.caller.account?.id, address: call.request.remoteAddress,
            requestID: call.request.id)
    }

    /// Something happened to an object.
    package func happened(
        _ name: EventName, in place: BucketPlace, key: String, size: Int64? = nil, entityTag: String? = nil,
        versionID: String? = nil, caller: String?, address: String, requestID: String
    ) async {
        do {
            let targets = try await directory.properties(of: place).notification?.targets ?? []
            let wanted = targets.filter { $0.wants(key: key) && $0.events.contains(where: name.matches) }
            guard !wanted.isEmpty else { return }
            let event = ObjectEvent(
                name: name, key: key, size: size, entityTag: entityTag, versionID: versionID,
                time: Date(timeIntervalSince1970: Double(clock.now().microseconds) / 1e6), sequencer: sequencer())
            var messages: [(target: String, payload: [UInt8])] = []
            for target in wanted {
                guard let webhook = Webhook.name(inARN: target.arn) else { continue }
                let message = EventMessage(
                    event, bucket: place.bucket, owner: place.owner, region: region, caller: caller,
                    sourceAddress: address, requestID: requestID, configuration: target.id)
                messages.append((webhook, try message.encoded()))
            }
            try await outbox.add(messages, of: place, at: clock.now())
            wake()
        } catch {
            logger.error("an event is lost", metadata: ["event": "\(name.rawValue)", "error": "\(error)"])
        }
    }

    private func sequencer() -> UInt64 {
        let now = UInt64(clamping: clock.now().microseconds)
        return lastSequencer.withLock { last in
            last = max(last + 1, now)
            return last
        }
    }
}
