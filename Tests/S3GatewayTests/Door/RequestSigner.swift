import Crypto
import Foundation
import StorageModel

/// Signs requests and chunks as a client does: written from Amazon's description, apart from what the gateway verifies with.
///
/// - Source: AWS Signature Version 4; Amazon S3 API reference, "Signature calculations … multiple chunks".
struct RequestSigner {
    let accessKeyID: String
    let secret: String
    /// `20260101T000000Z`
    var date: String

    static let emptyHash = hash([])

    static func hash(_ bytes: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(data: bytes)) }

    private var scope: String { "\(date.prefix(8))/us-east-1/s3/aws4_request" }

    private func sign(_ text: String) -> String {
        var key = Array("AWS4\(secret)".utf8)
        for part in [String(date.prefix(8)), "us-east-1", "s3", "aws4_request", text] {
            key = Array(HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: SymmetricKey(data: key)))
        }
        return Hexadecimal.encode(key)
    }

    /// The headers of a request with those that authenticate it.
    ///
    /// - Parameters:
    ///   - target: path and query, encoded as they go over the wire.
    ///   - headers: `Host` among them; all are signed.
    func signed(
        _ method: String, _ target: String, _ headers: [(String, String)], payload: String
    ) -> (headers: [(String, String)], signature: String) {
        let all = headers + [("x-amz-date", date), ("x-amz-content-sha256", payload)]
        let sorted = all.map { ($0.0.lowercased(), $0.1) }.sorted { $0.0 < $1.0 }
        let names = sorted.map(\.0).joined(separator: ";")
        let halves = target.split(separator: "?", maxSplits: 1)
        let query = halves.count > 1 ? String(halves[1]) : ""
        let items = query.split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }.sorted()
        let canonical =
            [method, String(halves[0]), items.joined(separator: "&")] + sorted.map { "\($0.0):\($0.1)" } + ["", names, payload]
        let hash = Self.hash(Array(canonical.joined(separator: "\n").utf8))
        let signature = sign(["AWS4-HMAC-SHA256", date, scope, hash].joined(separator: "\n"))
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
        return (all + [("Authorization", authorization)], signature)
    }

    /// A body in signed chunks, the last one empty.
    ///
    /// - Parameter seed: the signature of the request.
    func chunked(_ chunks: [[UInt8]], seed: String) -> [UInt8] {
        var (body, previous) = ([UInt8](), seed)
        for chunk in chunks + [[]] {
            previous = sign(
                ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, Self.emptyHash, Self.hash(chunk)].joined(separator: "\n"))
            body += "\(String(chunk.count, radix: 16));chunk-signature=\(previous)\r\n".utf8
            body += chunk
            body += "\r\n".utf8
        }
        return body
    }
}
