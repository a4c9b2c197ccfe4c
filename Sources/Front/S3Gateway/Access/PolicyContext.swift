import Foundation
import GatewayRecords
import HTTPTypes
import S3Protocol

/// What the conditions of a policy compare: keys in lower case, each with the values that the request has for it.
///
/// - Source: Amazon S3 user guide, "Bucket policy examples using condition keys"; IAM user guide, "AWS global condition
///   context keys".
struct PolicyContext {
    private(set) var values: [String: [String]] = [:]

    /// Headers that are condition keys under their own name.
    private static let headers = [
        "x-amz-acl", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp",
        "x-amz-grant-full-control", "x-amz-metadata-directive", "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-content-sha256",
    ]

    init(_ question: AccessQuestion, properties: BucketProperties, object: ObjectInQuestion?) {
        let request = question.request
        setGlobals(question)
        for name in Self.headers { set("s3:\(name)", request.header(name)) }
        // The path may begin with a slash or not; conditions are written without.
        set("s3:x-amz-copy-source", request.header("x-amz-copy-source").map { String($0.trimmingPrefix("/")) })
        for name in ["prefix", "delimiter", "max-keys"] { set("s3:\(name)", request.query[name]) }
        set("s3:versionid", question.versionID)
        setLocks(request)
        setTags(request.header("x-amz-tagging"))
        for tag in object?.tags.tags ?? [] { set("s3:existingobjecttag/\(tag.key.lowercased())", tag.value) }
        for tag in properties.tags.tags { set("s3:buckettag/\(tag.key.lowercased())", tag.value) }
    }

    private mutating func setGlobals(_ question: AccessQuestion) {
        let request = question.request
        set("aws:sourceip", request.remoteAddress)
        set("aws:securetransport", request.isSecure ? "true" : "false")
        set("aws:referer", request.headers[.referer])
        set("aws:useragent", request.headers[.userAgent])
        set("aws:currenttime", request.receivedAt.formatted(.iso8601))
        set("aws:epochtime", String(Int64(request.receivedAt.timeIntervalSince1970)))
        set("aws:principalaccount", question.caller.account?.id)
        set("aws:userid", question.caller.account?.id)
        set("aws:username", question.caller.account?.name)
        set("aws:principaltype", question.caller.account == nil ? "Anonymous" : "Account")
    }

    private mutating func setLocks(_ request: S3Request) {
        set("s3:object-lock-mode", request.header("x-amz-object-lock-mode"))
        set("s3:object-lock-legal-hold", request.header("x-amz-object-lock-legal-hold"))
        let until = request.header("x-amz-object-lock-retain-until-date")
        set("s3:object-lock-retain-until-date", until)
        guard let until, let date = try? Date(until, strategy: .iso8601) else { return }
        let days = (date.timeIntervalSince(request.receivedAt) / 86_400).rounded(.up)
        if days.magnitude < 1e9 { set("s3:object-lock-remaining-retention-days", String(Int(days))) }
    }

    private mutating func setTags(_ header: String?) {
        guard let header else { return }
        // What is no list of tags is refused by the operation; here it simply has no tags to compare.
        let tags = (try? TagSet(header: header))?.tags ?? []
        for tag in tags {
            set("s3:requestobjecttag/\(tag.key.lowercased())", tag.value)
        }
        if !tags.isEmpty { values["s3:requestobjecttagkeys"] = tags.map(\.key) }
    }

    private mutating func set(_ key: String, _ value: String?) {
        if let value { values[key] = [value] }
    }
}
