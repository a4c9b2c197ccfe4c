package import StorageModel
import XML

/// How strictly an object is locked.
package enum RetentionMode: String, CaseIterable, Sendable {
    case governance = "GOVERNANCE"
    case compliance = "COMPLIANCE"
}

/// Until when an object is locked.
///
/// - Source: Amazon S3 API reference, "ObjectLockRetention".
package struct ObjectRetention: Sendable, Hashable {
    package let mode: RetentionMode
    package let until: Timestamp

    package init(mode: RetentionMode, until: Timestamp) {
        self.mode = mode
        self.until = until
    }

    /// - Returns: nil for an empty document, which takes the lock off.
    /// - Throws: `MalformedXML`.
    package static func parse(xml bytes: [UInt8]) throws(S3Error) -> ObjectRetention? {
        let root = try XMLReader.read(bytes, named: "Retention")
        let (mode, until) = (try root.one("Mode")?.value, try root.one("RetainUntilDate")?.value)
        if mode == nil, until == nil { return nil }
        guard let mode = mode.flatMap(RetentionMode.init), let until = until.flatMap(S3Date.parseISO8601) else {
            throw S3Error(.malformedXML)
        }
        return ObjectRetention(mode: mode, until: until)
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("Retention") { writer in
            writer.text("Mode", mode.rawValue)
            writer.text("RetainUntilDate", S3Date.iso8601(until))
        }
    }
}

/// Whether an object is locked until somebody says otherwise.
///
/// - Source: Amazon S3 API reference, "ObjectLockLegalHold".
package enum LegalHold: String, Sendable {
    case on = "ON"
    case off = "OFF"

    /// - Throws: `MalformedXML`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "LegalHold")
        guard let hold = LegalHold(rawValue: try root.required("Status").value) else { throw S3Error(.malformedXML) }
        self = hold
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("LegalHold") { $0.text("Status", rawValue) }
    }
}
