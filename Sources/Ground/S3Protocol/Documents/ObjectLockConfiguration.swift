import XML

/// How objects of a bucket are locked.
///
/// - Source: Amazon S3 API reference, "ObjectLockConfiguration".
package struct ObjectLockConfiguration: Sendable, Hashable {
    package enum Period: Sendable, Hashable { case days(Int), years(Int) }

    /// How long every new object is locked.
    package struct Retention: Sendable, Hashable {
        package let mode: RetentionMode
        package let period: Period

        package init(mode: RetentionMode, period: Period) {
            self.mode = mode
            self.period = period
        }
    }

    package let defaultRetention: Retention?

    package init(defaultRetention: Retention?) {
        self.defaultRetention = defaultRetention
    }

    /// - Throws: `MalformedXML`, `InvalidRetentionPeriod`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "ObjectLockConfiguration")
        guard try root.required("ObjectLockEnabled").value == "Enabled" else { throw S3Error(.malformedXML) }
        guard let rule = try root.one("Rule") else {
            defaultRetention = nil
            return
        }
        let retention = try rule.required("DefaultRetention")
        let (days, years) = (try retention.number("Days"), try retention.number("Years"))
        guard let mode = RetentionMode(rawValue: try retention.required("Mode").value), (days == nil) != (years == nil)
        else { throw S3Error(.malformedXML) }
        let isInRange = days.map { (1...36_500).contains($0) } ?? years.map { (1...100).contains($0) } ?? false
        guard isInRange else { throw S3Error(.invalidRetentionPeriod) }
        defaultRetention = Retention(mode: mode, period: days.map { .days(Int($0)) } ?? .years(Int(years ?? 0)))
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("ObjectLockConfiguration") { writer in
            writer.text("ObjectLockEnabled", "Enabled")
            guard let retention = defaultRetention else { return }
            writer.element("Rule") { writer in
                writer.element("DefaultRetention") { writer in
                    writer.text("Mode", retention.mode.rawValue)
                    switch retention.period {
                    case .days(let days): writer.number("Days", days)
                    case .years(let years): writer.number("Years", years)
                    }
                }
            }
        }
    }
}
