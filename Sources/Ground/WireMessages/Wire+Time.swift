package import StorageModel

extension Wire_Timestamp {
    /// The wire form of a moment. For "not set" leave the field out.
    package init(_ timestamp: Timestamp) {
        self.init()
        seconds = timestamp.seconds
        nanos = timestamp.nanoseconds
    }

    /// The moment a field holds: nil when the field is absent or holds the year-1 value that means "not set".
    ///
    /// Call it as `Wire_Timestamp.value(message.hasCreatedAt ? message.createdAt : nil)`: the default value of an
    /// absent field would read as 1970.
    ///
    /// - Throws: `WireMessageError` when the moment is out of range.
    package static func value(_ field: Wire_Timestamp?) throws(WireMessageError) -> Timestamp? {
        guard let field else { return nil }
        guard let timestamp = Timestamp(seconds: field.seconds, nanoseconds: field.nanos) else {
            throw WireMessageError(field: "timestamp", problem: .timeOutOfRange)
        }
        return timestamp.isUnset ? nil : timestamp
    }
}

extension Wire_Duration {
    /// The longest length of time the wire can carry, 10 000 years.
    private static let limitSeconds: Int64 = 315_576_000_000

    /// The wire form of a length of time, cut to nanoseconds and to ±10 000 years.
    package init(_ duration: Duration) {
        self.init()
        let parts = duration.components
        let isTooLong = !(-Self.limitSeconds...Self.limitSeconds).contains(parts.seconds)
        seconds = min(max(parts.seconds, -Self.limitSeconds), Self.limitSeconds)
        nanos = isTooLong ? 0 : Int32(parts.attoseconds / 1_000_000_000)
    }

    /// The length of time a field holds, nil when the field is absent.
    ///
    /// - Throws: `WireMessageError` when it is longer than 10 000 years or its parts disagree.
    package static func value(_ field: Wire_Duration?) throws(WireMessageError) -> Duration? {
        guard let field else { return nil }
        let (seconds, nanos) = (field.seconds, field.nanos)
        guard (-limitSeconds...limitSeconds).contains(seconds), (-999_999_999...999_999_999).contains(nanos),
            seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)
        else { throw WireMessageError(field: "duration", problem: .timeOutOfRange) }
        return .seconds(seconds) + .nanoseconds(Int64(nanos))
    }
}

extension Wire_BoolValue {
    /// A present truth value.
    package init(_ value: Bool) {
        self.init()
        self.value = value
    }
}
