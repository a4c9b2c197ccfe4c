import HTTPTypes
import S3Protocol
import StorageModel
import TestSupport

/// Requests as botocore's signers made them: `Tests/Vectors/s3`.
struct SignatureVectors: Decodable {
    let now: Int64
    let accessKeyID: String
    let secret: String
    let requests: [Request]

    struct Request: Decodable {
        let name: String
        let method: String
        let path: String
        let query: String
        let host: String
        let headers: [[String]]
        let body: HexBytes

        var signed: SignedRequest {
            var fields = HTTPFields()
            for header in headers {
                guard let name = HTTPField.Name(header[0]) else { continue }
                fields.append(HTTPField(name: name, value: header[1]))
            }
            return SignedRequest(
                method: method, rawPath: path, rawQuery: query, headers: fields, host: host,
                bucketInHost: host.hasPrefix("photos.") ? "photos" : nil)
        }
    }

    var moment: Timestamp { Timestamp(microseconds: now * 1_000_000) }

    static func load() throws -> SignatureVectors {
        try Vectors.decode(SignatureVectors.self, from: "s3/signatures.json")
    }
}
