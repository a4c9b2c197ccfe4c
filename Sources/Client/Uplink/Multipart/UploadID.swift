internal import Foundation
internal import StorageModel

extension MultipartUpload {
    /// The version byte of an upload's id.
    private static let idVersion: UInt8 = 1

    /// An upload that a satellite has begun.
    init(bucket: String, key: String, streamID: Data) {
        self.init(bucket: bucket, key: key, id: Base58Check.encode(version: Self.idVersion, payload: Array(streamID)))
    }

    /// The satellite's name of the upload.
    ///
    /// - Throws: ``UplinkError/Code/uploadNotFound`` when the id is none.
    /// - Source: protocol document 2 §2.6.
    func streamID() throws(UplinkError) -> Data {
        guard let decoded = Base58Check.decode(id), decoded.version == Self.idVersion, !decoded.payload.isEmpty else {
            throw UplinkError(.uploadNotFound, "\"\(id)\" is not the id of an upload")
        }
        return Data(decoded.payload)
    }
}
