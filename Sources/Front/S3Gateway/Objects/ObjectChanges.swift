import S3Protocol
import Uplink

/// What the gateway does about every change of an object that it made, in one place.
extension S3Call {
    /// An object was stored.
    package func stored(_ found: FoundObject, _ event: EventName) async {
        await gateway.events.happened(
            event, self, key: found.object.key, size: found.object.size, entityTag: found.tag.text,
            versionID: VersionName.text(of: found.object))
    }

    /// A version was removed, or a delete marker was made.
    func removed(_ removal: ObjectRemoval, _ result: DeletionResult?) async {
        // What was not there was not removed either.
        guard let result, result.outcome == .deleted else { return }
        if let marker = result.markerText {
            await gateway.events.happened(
                .objectRemovedDeleteMarkerCreated, self, key: removal.key, versionID: marker)
        } else {
            await gateway.events.happened(
                .objectRemovedDelete, self, key: removal.key,
                versionID: result.removedNullVersion ? nil : result.removedText)
        }
    }

    /// When lifecycle rules will remove an object, as `x-amz-expiration` says it; nil when they will not.
    func expiration(of found: FoundObject) async throws -> String? {
        guard
            let (date, rule) = try await properties().lifecycle?.expiration(
                of: found.object.key, size: found.object.size, tags: found.facts.tags, modifiedAt: found.modified)
        else { return nil }
        return "expiry-date=\"\(S3Date.http(date))\", rule-id=\"\(PercentCode.encode(rule))\""
    }
}
