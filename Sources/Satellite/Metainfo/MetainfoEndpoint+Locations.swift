import Foundation
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// The bucket a request names; nothing but its presence and length is asked of the name.
    func bucketLocation(_ name: Data, _ caller: Caller) throws -> BucketLocation {
        if let problem = BucketName.lengthProblem(of: Array(name)) { throw Refusal.invalid(problem) }
        return BucketLocation(project: caller.projectID, name: name.bucketName)
    }

    /// The object a request names.
    func objectLocation(bucket: Data, key: Data, _ caller: Caller) throws -> ObjectLocation {
        let location = try bucketLocation(bucket, caller)
        return ObjectLocation(bucket: location, key: try objectKey(key))
    }

    /// An encrypted object key.
    func objectKey(_ key: Data) throws -> [UInt8] {
        guard !key.isEmpty else { throw Refusal.invalid("invalid request: ObjectKey missing") }
        guard key.count <= settings.maximumKeyLength else {
            throw Refusal.invalid(
                "key length is too big, got \(key.count), maximum allowed is \(settings.maximumKeyLength)")
        }
        return Array(key)
    }

    /// The version a request names; nil for none.
    func version(_ field: Data) throws -> ObjectVersionID? {
        guard !field.isEmpty else { return nil }
        guard let version = ObjectVersionID(field) else { throw Refusal.invalid("invalid object version length") }
        guard version.version != 0 else { throw Refusal.invalid("invalid request: Version invalid: 0") }
        return version
    }

    /// A page's length: 0 and what is too much mean the maximum.
    func listLimit(_ limit: Int32, refusal: String? = nil) throws -> Int {
        guard limit >= 0 else { throw Refusal.invalid(refusal ?? "invalid request: Invalid limit: \(limit)") }
        return limit == 0 ? settings.maximumListLimit : min(Int(limit), settings.maximumListLimit)
    }

    /// Refuses checksums, which this satellite does not keep.
    func refuseChecksum(
        algorithm: Metainfo_ObjectChecksumAlgorithm, isComposite: Bool, encrypted: Data
    ) throws {
        guard algorithm == .none, !isComposite, encrypted.isEmpty else {
            throw RPCStatusError(.checksumsUnsupported, "Checksum options may not be provided at this time")
        }
    }

    /// Whether a client wants the object not to exist yet.
    func mustNotExist(_ ifNoneMatch: [String]) throws -> Bool {
        guard !ifNoneMatch.isEmpty else { return false }
        guard ifNoneMatch == ["*"] else { throw Refusal.unsupportedIfNoneMatch }
        return true
    }

    /// The stream a token names, which must be of the caller's project.
    func streamToken(_ token: Data, _ caller: Caller) throws -> StreamToken {
        let stream = try StreamToken(token: Array(token), signer: tokens)
        guard stream.project == caller.projectID else { throw Refusal.unauthorized }
        return stream
    }

    /// The segment a token names, which must be of the caller's project and not too old.
    func segmentToken(_ token: Data, _ caller: Caller) throws -> SegmentToken {
        let segment = try SegmentToken(token: Array(token), signer: tokens)
        guard segment.stream.project == caller.projectID else { throw Refusal.unauthorized }
        guard caller.time < segment.createdAt.advanced(by: settings.segmentTokenLifetime) else {
            throw Refusal.invalid("segment id is expired")
        }
        return segment
    }
}

extension StreamToken {
    init(_ upload: Upload, bucketName: String, project: ProjectID) {
        self.init(
            project: project, bucketID: upload.reference.bucket.rawValue, bucketName: Array(bucketName.utf8),
            key: upload.reference.key, stream: upload.reference.stream, version: 0,
            createdAt: upload.reference.createdAt, expiresAt: upload.expiresAt, isMultipart: upload.isMultipart,
            placement: upload.placement, cipher: upload.encryption.cipherSuite,
            blockSize: upload.encryption.blockSize)
    }

    init(_ object: Object, bucketName: String, project: ProjectID, placement: Int32 = 0) {
        self.init(
            project: project, bucketID: object.bucket.rawValue, bucketName: Array(bucketName.utf8), key: object.key,
            stream: object.stream, version: object.version, createdAt: object.createdAt, expiresAt: object.expiresAt,
            isMultipart: object.isMultipart, placement: placement, cipher: object.encryption.cipherSuite,
            blockSize: object.encryption.blockSize)
    }

    /// The upload this token stands for.
    var upload: UploadReference {
        UploadReference(bucket: BucketID(rawValue: bucketID), key: key, createdAt: createdAt, stream: stream)
    }

    /// The object this token stands for.
    var object: ObjectReference {
        ObjectReference(bucket: BucketID(rawValue: bucketID), key: key, version: version, stream: stream)
    }
}
