import GatewayRecords
import S3Protocol
import Uplink

extension S3Call {
    /// The upload that the request is about.
    ///
    /// - Throws: `InvalidArgument` without an id.
    var uploadName: UploadName {
        get throws(S3Error) {
            guard let id = request.query["uploadId"], !id.isEmpty else {
                throw S3Error(.invalidArgument, "This operation does not accept a query-string without an uploadId")
            }
            return UploadName(owner: owner.id, bucket: try bucket, key: try key, id: id)
        }
    }

    /// The number of the part that the request is about.
    ///
    /// - Throws: `InvalidArgument`.
    var partNumber: Int {
        get throws(S3Error) { try PartNumber.parse(request.query["partNumber"] ?? "") }
    }
}

extension UploadName {
    /// As the library knows it.
    var upload: MultipartUpload { MultipartUpload(bucket: bucket, key: key, id: id) }
}
