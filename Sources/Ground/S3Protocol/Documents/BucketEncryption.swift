import XML

/// How a bucket says its objects are encrypted. They are encrypted in any case, with keys the satellite never sees.
///
/// - Source: Amazon S3 API reference, "ServerSideEncryptionConfiguration".
package struct BucketEncryption: Sendable, Hashable {
    package let isBucketKeyEnabled: Bool?

    /// - Throws: `MalformedXML`, `NotImplemented` for keys of a key management service.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let rules = try XMLReader.read(bytes, named: "ServerSideEncryptionConfiguration").all("Rule")
        guard rules.count == 1, let rule = rules.first else { throw S3Error(.malformedXML) }
        isBucketKeyEnabled = try rule.flag("BucketKeyEnabled")
        let value = try rule.required("ApplyServerSideEncryptionByDefault").required("SSEAlgorithm").value
        switch value {
        case "AES256": break
        case "aws:kms", "aws:kms:dsse": throw S3Error(.notImplemented, "There is no key management service")
        default: throw S3Error(.malformedXML)
        }
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("ServerSideEncryptionConfiguration") { writer in
            writer.element("Rule") { writer in
                writer.element("ApplyServerSideEncryptionByDefault") { $0.text("SSEAlgorithm", "AES256") }
                if let isBucketKeyEnabled { writer.flag("BucketKeyEnabled", isBucketKeyEnabled) }
            }
        }
    }
}
