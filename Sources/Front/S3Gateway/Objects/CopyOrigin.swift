import GatewayRecords
import HTTPTypes
import S3Protocol
import Uplink

/// The object that a copy is made of, and what its reading takes.
struct CopyOrigin: Sendable {
    let project: Project
    let found: FoundObject
    /// The satellite's name of the version that was asked for; nil for the newest.
    let id: ObjectVersion?
    let cipher: ContentCipher?
    /// Whether a version was named.
    let isVersionNamed: Bool

    /// Finds it and asks whether the caller may read it.
    ///
    /// - Throws: `InvalidArgument`, `PreconditionFailed`, and what the look-up and the doorkeeper throw.
    init(_ call: S3Call) async throws {
        let headers = call.request.headers
        let source = try CopySource.parse(headers[.copySource] ?? "")
        let version = try VersionName.parse(source.versionID)
        let doorkeeper = call.gateway.doorkeeper
        let admission = try await doorkeeper.admit(
            AccessQuestion(
                .getObject, bucket: source.bucket, key: source.key, versionID: source.versionID, caller: call.caller,
                request: call.request))
        // One grant for both ends lets the satellite copy.
        let isSameProject = admission.place == (try? BucketPlace(owner: call.owner.id, bucket: call.bucket))
        project =
            isSameProject ? call.project : try await doorkeeper.project(for: admission, call.caller)
        id = try await ObjectLookUp.id(of: version, project, bucket: source.bucket, key: source.key)
        found = try await ObjectLookUp.find(
            project, bucket: source.bucket, key: source.key, version: id.map(VersionName.id))
        isVersionNamed = version != nil
        try ReadConditions(copySource: headers).check(copyOf: found.tag, modified: found.modified)
        let key = try RequestedEncryption.parseCopySource(headers)
        if let sealed = found.facts.customerKey {
            cipher = try sealed.open(key)
        } else {
            try SealedCustomerKey.refuse(key)
            cipher = nil
        }
    }

    /// Its bytes.
    ///
    /// - Throws: `OperationAborted` when it was replaced meanwhile.
    func content() async throws -> ObjectContent {
        let object = found.object
        let download = try await project.download(
            bucket: object.bucket, key: object.key, options: DownloadOptions(version: id ?? object.version))
        let now = FoundObject(download.object)
        guard now.tag == found.tag, now.modified == found.modified else { throw S3Error(.operationAborted) }
        return try await ObjectContent(download, cipher, in: project, id: id ?? object.version)
    }
}
