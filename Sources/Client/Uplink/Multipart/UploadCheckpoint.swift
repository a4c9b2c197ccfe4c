/// What a program must keep to continue the upload of a file after a crash.
///
/// It holds no secret: whoever reads it learns the object's name and the file's size, no keys.
public struct UploadCheckpoint: Hashable, Sendable, Codable {
    /// The upload that has begun.
    public var upload: MultipartUpload
    /// The state of the file that is uploaded; another one cannot be continued.
    public var source: FileFingerprint
    /// Bytes of every part but the last.
    public var partSize: Int64
    /// Tells whether the access has the same keys as the one that began; says nothing of the keys.
    public var keyCheck: String
}
