import Foundation

/// The message that a receiver gets about one event, in S3's JSON.
///
/// - Source: Amazon S3 user guide, "Event message structure", version 2.1.
struct EventMessage: Encodable {
    struct Identity: Encodable {
        let principalId: String
    }

    struct Bucket: Encodable {
        let name: String
        let ownerIdentity: Identity
        let arn: String
    }

    struct Item: Encodable {
        let key: String
        let size: Int64?
        let eTag: String?
        let versionId: String?
        let sequencer: String
    }

    struct Subject: Encodable {
        let s3SchemaVersion = "1.0"
        let configurationId: String
        let bucket: Bucket
        let object: Item
    }

    struct Record: Encodable {
        let eventVersion = "2.1"
        let eventSource = "storj:s3"
        let awsRegion: String
        let eventTime: String
        let eventName: String
        let userIdentity: Identity
        let requestParameters: [String: String]
        let responseElements: [String: String]
        let s3: Subject
    }

    let Records: [Record]

    /// - Parameters:
    ///   - caller: the account that caused it; nil for anybody.
    ///   - configuration: the id of the configuration that asked for it.
    init(
        _ event: ObjectEvent, bucket: String, owner: String, region: String, caller: String?, sourceAddress: String,
        requestID: String, configuration: String
    ) {
        Records = [
            Record(
                awsRegion: region, eventTime: event.time.formatted(Self.timeStyle), eventName: event.name.rawValue,
                userIdentity: Identity(principalId: caller ?? "Anonymous"),
                requestParameters: ["sourceIPAddress": sourceAddress],
                responseElements: ["x-amz-request-id": requestID],
                s3: Subject(
                    configurationId: configuration,
                    bucket: Bucket(
                        name: bucket, ownerIdentity: Identity(principalId: owner), arn: "arn:aws:s3:::\(bucket)"),
                    object: Item(
                        key: Self.escaped(event.key), size: event.size, eTag: event.entityTag,
                        versionId: event.versionID, sequencer: Self.hexadecimal(event.sequencer))))
        ]
    }

    /// The message's bytes.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self))
    }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A key as in a form: S3's messages have blanks as `+`, and everything but letters, digits and `-_.*/` escaped.
    static func escaped(_ key: String) -> String {
        var text = ""
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "*"), UInt8(ascii: "/"):
                text.unicodeScalars.append(UnicodeScalar(byte))
            case UInt8(ascii: " "): text += "+"
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
