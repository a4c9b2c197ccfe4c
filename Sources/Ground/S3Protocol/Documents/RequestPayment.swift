import XML

/// Who pays for requests: always the bucket's owner.
///
/// - Source: Amazon S3 API reference, "PutBucketRequestPayment".
package enum RequestPayment {
    /// Checks what is asked for.
    ///
    /// - Throws: `MalformedXML`, `NotImplemented` when the one who asks shall pay.
    package static func validate(xml bytes: [UInt8]) throws(S3Error) {
        switch try XMLReader.read(bytes, named: "RequestPaymentConfiguration").required("Payer").value {
        case "BucketOwner": return
        case "Requester": throw S3Error(.notImplemented, "The bucket's owner pays for requests")
        default: throw S3Error(.malformedXML)
        }
    }

    /// The document.
    package static func xml() -> [UInt8] {
        XMLWriter.document("RequestPaymentConfiguration") { $0.text("Payer", "BucketOwner") }
    }
}
