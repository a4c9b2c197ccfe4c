import Foundation
import StorageModel
import WireMessages

extension Date {
    /// The moment of a field; nil for "not set".
    ///
    /// - Throws: `.satelliteError` when it is out of range.
    static func wire(_ field: Wire_Timestamp, _ subject: CallSubject) throws(UplinkError) -> Date? {
        do { return try Wire_Timestamp.value(field)?.date } catch {
            throw .badAnswer("a time is out of range", about: subject)
        }
    }
}

extension ObjectVersion {
    /// The version of a field; nil when it is absent or no version.
    static func wire(_ field: Data) -> ObjectVersion? { ObjectVersion(field) }
}

extension Retention {
    /// The retention of a field; nil for none.
    ///
    /// - Throws: `.satelliteError` when its end is out of range.
    static func wire(_ field: Metainfo_Retention, _ subject: CallSubject) throws(UplinkError) -> Retention? {
        let mode: Mode
        switch field.mode {
        case .compliance: mode = .compliance
        case .governance: mode = .governance
        default: return nil
        }
        guard let until = try field.hasRetainUntil ? Date.wire(field.retainUntil, subject) : nil else { return nil }
        return Retention(mode: mode, until: until)
    }

    /// The retention on the wire.
    var message: Metainfo_Retention {
        var message = Metainfo_Retention()
        switch mode {
        case .compliance: message.mode = .compliance
        case .governance: message.mode = .governance
        }
        message.retainUntil = Wire_Timestamp(Timestamp(date: until))
        return message
    }
}
