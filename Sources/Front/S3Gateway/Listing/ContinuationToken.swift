import Foundation
import S3Protocol

/// Where the next page begins, as a text that clients only hand back.
enum ContinuationToken {
    /// - Parameter key: the last key or prefix on the page.
    static func text(after key: String) -> String {
        Data(key.utf8).base64EncodedString()
    }

    /// - Throws: `InvalidArgument` for what no page said.
    static func key(in token: String) throws(S3Error) -> String {
        guard let bytes = Data(base64Encoded: token), !bytes.isEmpty,
            let key = String(validating: bytes, as: UTF8.self)
        else {
            throw S3Error(
                .invalidArgument, "The continuation token provided is incorrect",
                details: [.init("ArgumentName", "continuation-token"), .init("ArgumentValue", token)])
        }
        return key
    }
}
