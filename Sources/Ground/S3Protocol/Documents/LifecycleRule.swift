import StorageModel
import XML

/// One rule of a lifecycle.
///
/// - Source: Amazon S3 API reference, "LifecycleRule"; user guide, "Lifecycle configuration elements".
package struct LifecycleRule: Sendable, Hashable {
    enum Expiration: Sendable, Hashable {
        case days(Int64)
        case date(Timestamp)
        /// Delete markers with nothing under them go.
        case lonelyDeleteMarkers(Bool)
    }

    package let id: String
    package let isEnabled: Bool
    package let filter: LifecycleFilter
    let expiration: Expiration?
    let noncurrentDays: Int64?
    let keptNoncurrentCount: Int64?
    package let abortDays: Int64?

    init(_ element: XMLElement, makeID: () -> String) throws(S3Error) {
        let id = try element.one("ID")?.value ?? ""
        guard id.utf8.count <= 255 else {
            throw S3Error(.invalidArgument, "ID length should not exceed allowed limit of 255")
        }
        self.id = id.isEmpty ? makeID() : id
        switch try element.required("Status").value {
        case "Enabled": isEnabled = true
        case "Disabled": isEnabled = false
        default: throw S3Error(.malformedXML)
        }
        filter = try LifecycleFilter(rule: element)
        try Self.refuseTransitions(element.all("Transition") + element.all("NoncurrentVersionTransition"))
        expiration = try element.one("Expiration").map { (e) throws(S3Error) in try Self.expiration(e) }
        let noncurrent = try element.one("NoncurrentVersionExpiration")
        noncurrentDays = try noncurrent.flatMap { (e) throws(S3Error) in
            try Self.positive(e, "NoncurrentDays", of: "NoncurrentVersionExpiration")
        }
        keptNoncurrentCount = try noncurrent.flatMap { (e) throws(S3Error) in
            try Self.positive(e, "NewerNoncurrentVersions", of: "NoncurrentVersionExpiration")
        }
        let abort = try element.one("AbortIncompleteMultipartUpload")
        abortDays = try abort.flatMap { (e) throws(S3Error) in
            try Self.positive(e, "DaysAfterInitiation", of: "AbortIncompleteMultipartUpload")
        }
        try check(hasNoncurrent: noncurrent != nil, hasAbort: abort != nil)
    }

    /// What could be done nowhere is malformed; what could be done elsewhere is not implemented.
    private static func refuseTransitions(_ transitions: [XMLElement]) throws(S3Error) {
        for transition in transitions {
            let date = try transition.one("Date")?.value
            guard date == nil || date.flatMap(S3Date.parseISO8601) != nil else { throw S3Error(.malformedXML) }
        }
        guard transitions.isEmpty else {
            throw S3Error(.notImplemented, "There is one storage class: objects cannot move to another")
        }
    }

    private func check(hasNoncurrent: Bool, hasAbort: Bool) throws(S3Error) {
        guard expiration != nil || hasNoncurrent || hasAbort else {
            throw S3Error(.invalidRequest, "At least one action needs to be specified in a rule")
        }
        guard !hasNoncurrent || noncurrentDays != nil, !hasAbort || abortDays != nil else {
            throw S3Error(.malformedXML)
        }
        guard !hasAbort || !filter.looksBeyondKey else {
            throw S3Error(
                .invalidRequest, "AbortIncompleteMultipartUpload cannot be specified with tags or object sizes")
        }
    }

    private static func expiration(_ element: XMLElement) throws(S3Error) -> Expiration {
        let date = try element.one("Date")?.value
        let days = try positive(element, "Days", of: "Expiration")
        let marker = try element.flag("ExpiredObjectDeleteMarker")
        guard [date != nil, days != nil, marker != nil].count(where: { $0 }) == 1 else { throw S3Error(.malformedXML) }
        if let days { return .days(days) }
        if let marker { return .lonelyDeleteMarkers(marker) }
        guard let moment = S3Date.parseISO8601(date ?? "") else { throw S3Error(.malformedXML) }
        guard moment.seconds % 86_400 == 0, moment.nanoseconds == 0 else {
            throw S3Error(.invalidArgument, "'Date' must be at midnight GMT")
        }
        return .date(moment)
    }

    private static func positive(
        _ element: XMLElement, _ name: String, of action: String
    ) throws(S3Error) -> Int64? {
        guard let number = try element.number(name) else { return nil }
        guard (1...Int64(Int32.max)).contains(number) else {
            throw S3Error(.invalidArgument, "'\(name)' for \(action) action must be a positive integer")
        }
        return number
    }

    /// As it was written, with an id.
    func write(to writer: inout XMLWriter) {
        writer.text("ID", id)
        filter.write(to: &writer)
        writer.text("Status", isEnabled ? "Enabled" : "Disabled")
        if let expiration {
            writer.element("Expiration") { writer in
                switch expiration {
                case .days(let days): writer.number("Days", days)
                case .date(let date): writer.text("Date", S3Date.iso8601(date))
                case .lonelyDeleteMarkers(let isOn): writer.flag("ExpiredObjectDeleteMarker", isOn)
                }
            }
        }
        if let noncurrentDays {
            writer.element("NoncurrentVersionExpiration") { writer in
                writer.number("NoncurrentDays", noncurrentDays)
                if let keptNoncurrentCount { writer.number("NewerNoncurrentVersions", keptNoncurrentCount) }
            }
        }
        if let abortDays {
            writer.element("AbortIncompleteMultipartUpload") { $0.number("DaysAfterInitiation", abortDays) }
        }
    }
}

extension LifecycleRule {
    /// When a current object expires; nil when it does not.
    func expiry(modifiedAt: Timestamp, calendar: LifecycleCalendar) -> Timestamp? {
        switch expiration {
        case .days(let days): calendar.moment(days: days, after: modifiedAt)
        case .date(let date): date
        case .lonelyDeleteMarkers, nil: nil
        }
    }

    func action(
        for subject: LifecycleSubject, at now: Timestamp, calendar: LifecycleCalendar
    ) -> LifecycleAction {
        if let since = subject.noncurrentSince {
            guard let noncurrentDays, subject.newerNoncurrentCount >= keptNoncurrentCount ?? 0,
                filter.matches(key: subject.key, size: subject.size, tags: subject.tags)
            else { return .keep }
            return calendar.moment(days: noncurrentDays, after: since) <= now ? .remove : .keep
        }
        if subject.isDeleteMarker {
            // A marker has neither tags nor content: only its key can decide.
            guard subject.isOnlyVersion, subject.key.hasPrefix(filter.prefix) else { return .keep }
            if case .lonelyDeleteMarkers(let isOn) = expiration { return isOn ? .remove : .keep }
            guard let expiry = expiry(modifiedAt: subject.modifiedAt, calendar: calendar) else { return .keep }
            return expiry <= now ? .remove : .keep
        }
        guard filter.matches(key: subject.key, size: subject.size, tags: subject.tags),
            let expiry = expiry(modifiedAt: subject.modifiedAt, calendar: calendar)
        else { return .keep }
        return expiry <= now ? .expire : .keep
    }
}
