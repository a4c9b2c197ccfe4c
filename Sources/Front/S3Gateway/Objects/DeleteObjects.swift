import S3Protocol
import Uplink

/// Deletes up to a thousand objects.
///
/// - Source: Amazon S3 API reference, "DeleteObjects".
package enum DeleteObjects {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let document = try DeleteRequest(xml: try await call.document())
        let bypasses = BypassGovernance.isAsked(call.request.headers)
        var outcomes = [RemovalOutcome?](repeating: nil, count: document.items.count)
        var removals: [(index: Int, removal: ObjectRemoval)] = []
        for (index, item) in document.items.enumerated() {
            do {
                let removal = try ObjectRemoval(item)
                try await checkPermission(item, call)
                removals.append((index, removal))
            } catch let error as S3Error {
                outcomes[index] = .refused(error)
            }
        }
        let results = try await ObjectRemoval.perform(
            removals.map(\.removal), in: call.bucket, bypassesGovernance: bypasses, call)
        for (place, outcome) in zip(removals, results) {
            outcomes[place.index] = outcome
            if case .removed(let result) = outcome { await call.removed(place.removal, result) }
        }
        return .xml(
            XMLWriter.document("DeleteResult") { writer in
                for (item, outcome) in zip(document.items, outcomes) {
                    guard let outcome else { continue }
                    write(item, outcome, isQuiet: document.isQuiet, to: &writer)
                }
            })
    }

    /// The door lets in whoever may perhaps delete something: here it is asked for each key.
    ///
    /// - Throws: `AccessDenied`.
    private static func checkPermission(_ item: DeleteRequest.Item, _ call: S3Call) async throws {
        _ = try await call.gateway.doorkeeper.admit(
            AccessQuestion(
                .deleteObject, bucket: call.bucket, key: item.key, versionID: item.versionID, caller: call.caller,
                request: call.request))
    }

    private static func write(
        _ item: DeleteRequest.Item, _ outcome: RemovalOutcome, isQuiet: Bool, to writer: inout XMLWriter
    ) {
        switch outcome {
        case .removed(let result):
            guard !isQuiet else { return }
            writer.element("Deleted") { writer in
                writer.text("Key", item.key)
                writer.text("VersionId", item.versionID)
                if let marker = result?.markerText {
                    writer.flag("DeleteMarker", true)
                    writer.text("DeleteMarkerVersionId", marker)
                } else if result?.removedDeleteMarker == true {
                    writer.flag("DeleteMarker", true)
                    writer.text("DeleteMarkerVersionId", result?.removedText)
                }
            }
        case .refused(let error):
            writer.element("Error") { writer in
                writer.text("Key", item.key)
                writer.text("VersionId", item.versionID)
                writer.text("Code", error.code.rawValue)
                writer.text("Message", error.message)
            }
        }
    }
}

extension ObjectRemoval {
    init(_ item: DeleteRequest.Item) throws(S3Error) {
        self.init(
            key: item.key, version: try VersionName.parse(item.versionID),
            ifMatch: item.entityTag.map(EntityTagList.init), ifModified: item.lastModified, ifSize: item.size)
    }
}
