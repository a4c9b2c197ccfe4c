import S3Protocol
import Testing

/// What a bucket's policy says to a request.
@Suite struct BucketPolicyTests {
    private func policy(_ statement: String) throws(S3Error) -> BucketPolicy {
        try BucketPolicy(json: Array(#"{"Version":"2012-10-17","Statement":[\#(statement)]}"#.utf8), bucket: "photos")
    }

    private func verdict(
        _ policy: BucketPolicy, by principal: String? = "ann", _ action: String = "s3:GetObject",
        _ resource: String = "photos/a", _ context: [String: [String]] = [:]
    ) -> PolicyVerdict {
        policy.verdict(
            for: PolicyRequest(
                principal: principal, action: action, resource: "arn:aws:s3:::\(resource)", context: context))
    }

    private func statement(
        _ effect: String = "Allow", principal: String = #""*""#, action: String = #""s3:GetObject""#,
        resource: String = #""arn:aws:s3:::photos/*""#, condition: String? = nil
    ) -> String {
        #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(action),"Resource":\#(resource)"#
            + (condition.map { #","Condition":\#($0)}"# } ?? "}")
    }

    @Test func `what no statement speaks of is neither allowed nor forbidden`() throws {
        let policy = try policy(statement())
        #expect(verdict(policy) == .allow)
        #expect(verdict(policy, by: nil) == .allow)
        #expect(verdict(policy, "s3:PutObject") == .none)
        #expect(verdict(policy, "s3:GetObject", "photos") == .none)
        #expect(verdict(policy, "s3:GetObject", "photosX/a") == .none)
    }

    @Test func `one statement that forbids outweighs all that allow, in any order`() throws {
        let forbids = statement("Deny", resource: #""arn:aws:s3:::photos/secret/*""#)
        for both in [statement() + "," + forbids, forbids + "," + statement()] {
            let policy = try policy(both)
            #expect(verdict(policy, "s3:GetObject", "photos/secret/a") == .deny)
            #expect(verdict(policy) == .allow)
        }
    }

    @Test(arguments: [
        #"{"AWS":"ann"}"#, #"{"AWS":["bob","ann"]}"#, #"{"CanonicalUser":"ann"}"#, #"{"AWS":"arn:aws:iam::ann:root"}"#,
        #"{"AWS":"arn:aws:iam:::user/ann"}"#,
    ])
    func `an account is named in each of the usual ways`(principal: String) throws {
        let policy = try policy(statement(principal: principal))
        #expect(verdict(policy, by: "ann") == .allow)
        #expect(verdict(policy, by: "eve") == .none)
        #expect(verdict(policy, by: nil) == .none)
        #expect(!policy.isPublic)
    }

    @Test func `everybody but one is forbidden, and everything but one`() throws {
        let policy = try policy(
            #"{"Effect":"Deny","NotPrincipal":{"AWS":"ann"},"NotAction":"s3:GetObject","NotResource":"arn:aws:s3:::photos/open"}"#
        )
        #expect(verdict(policy, by: "eve", "s3:PutObject") == .deny)
        #expect(verdict(policy, by: nil, "s3:PutObject") == .deny)
        #expect(verdict(policy, by: "ann", "s3:PutObject") == .none)
        #expect(verdict(policy, by: "eve", "s3:GetObject") == .none)
        #expect(verdict(policy, by: "eve", "s3:PutObject", "photos/open") == .none)
    }

    @Test(arguments: [
        (#""s3:*""#, "s3:GetObject", true), (#""*""#, "s3:GetObject", true),
        (#""s3:Get*""#, "s3:GetObjectTagging", true),
        (#""S3:getobject""#, "s3:GetObject", true), (#""s3:Get?bject""#, "s3:GetObject", true),
        (#"["s3:PutObject","s3:GetObject"]"#, "s3:GetObject", true), (#""s3:Put*""#, "s3:GetObject", false),
        (#""s3:GetObject""#, "s3:GetObjectVersion", false),
    ])
    func `actions are compared in any case, with stars and question marks`(
        pattern: String, action: String, isMeant: Bool
    ) throws {
        #expect(verdict(try policy(statement(action: pattern)), action) == (isMeant ? .allow : .none))
    }

    @Test func `stars that would match in countless ways take no countless time`() throws {
        let stars = String(repeating: "*a", count: 2000)
        let policy = try policy(statement(resource: #""arn:aws:s3:::photos/\#(stars)""#))
        let key = String(repeating: "a", count: 1000) + "b"
        #expect(verdict(policy, "s3:GetObject", "photos/\(key)") == .none)
    }

    @Test(arguments: [
        (#"{"StringEquals":{"s3:prefix":["a","b"]}}"#, ["s3:prefix": ["b"]], true),
        (#"{"StringEquals":{"s3:prefix":"a"}}"#, ["s3:prefix": ["c"]], false),
        (#"{"StringEquals":{"s3:prefix":"a"}}"#, [:], false),
        (#"{"StringEqualsIfExists":{"s3:prefix":"a"}}"#, [:], true),
        (#"{"StringNotEquals":{"s3:prefix":"a"}}"#, [:], true),
        (#"{"StringNotEquals":{"s3:prefix":["a","b"]}}"#, ["s3:prefix": ["b"]], false),
        (#"{"StringEqualsIgnoreCase":{"S3:Prefix":"ABC"}}"#, ["s3:prefix": ["abc"]], true),
        (#"{"StringLike":{"s3:prefix":"a*c"}}"#, ["s3:prefix": ["abbc"]], true),
        (#"{"StringNotLike":{"s3:prefix":"a*c"}}"#, ["s3:prefix": ["abbc"]], false),
        (#"{"NumericLessThanEquals":{"s3:max-keys":"10"}}"#, ["s3:max-keys": ["10"]], true),
        (#"{"NumericLessThanEquals":{"s3:max-keys":10}}"#, ["s3:max-keys": ["11"]], false),
        (#"{"NumericGreaterThan":{"s3:max-keys":10}}"#, ["s3:max-keys": ["many"]], false),
        (
            #"{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"#,
            ["aws:currenttime": ["2026-06-01T00:00:00Z"]], true
        ),
        (
            #"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"#,
            ["aws:currenttime": ["2026-06-01T00:00:00Z"]], false
        ),
        (#"{"Bool":{"aws:SecureTransport":false}}"#, ["aws:securetransport": ["false"]], true),
        (#"{"Bool":{"aws:SecureTransport":"true"}}"#, ["aws:securetransport": ["false"]], false),
        (#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, ["aws:sourceip": ["203.0.113.9"]], true),
        (#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, ["aws:sourceip": ["203.0.114.9"]], false),
        (#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, ["aws:sourceip": ["::ffff:203.0.113.9"]], true),
        (#"{"IpAddress":{"aws:SourceIp":"2001:db8::/33"}}"#, ["aws:sourceip": ["2001:db8:8000::1"]], false),
        (#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, ["aws:sourceip": ["203.0.113.9"]], false),
        (#"{"Null":{"s3:prefix":"true"}}"#, [:], true),
        (#"{"Null":{"s3:prefix":false}}"#, [:], false),
        (
            #"{"ForAllValues:StringLike":{"s3:RequestObjectTagKeys":["a","b*"]}}"#,
            ["s3:requestobjecttagkeys": ["a", "bc"]], true
        ),
        (
            #"{"ForAllValues:StringLike":{"s3:RequestObjectTagKeys":["a","b*"]}}"#,
            ["s3:requestobjecttagkeys": ["a", "c"]], false
        ),
        (
            #"{"ForAnyValue:StringEquals":{"s3:RequestObjectTagKeys":"a"}}"#, ["s3:requestobjecttagkeys": ["c", "a"]],
            true
        ),
        (#"{"ForAnyValue:StringEquals":{"s3:RequestObjectTagKeys":"a"}}"#, [:], false),
        (
            #"{"StringEquals":{"s3:ExistingObjectTag/security":"public"}}"#,
            ["s3:existingobjecttag/security": ["public"]], true
        ),
        (#"{"StringEquals":{"s3:prefix":"a"},"Bool":{"aws:SecureTransport":"true"}}"#, ["s3:prefix": ["a"]], false),
    ])
    func `conditions compare what the request says`(condition: String, context: [String: [String]], isMet: Bool) throws
    {
        let policy = try policy(statement(condition: condition))
        #expect(verdict(policy, "s3:GetObject", "photos/a", context) == (isMet ? .allow : .none))
    }

    @Test func `a policy knows whether it asks for an object's tags`() throws {
        let condition = #"{"StringEquals":{"s3:ExistingObjectTag/security":"public"}}"#
        #expect(try policy(statement(condition: condition)).needsExistingObjectTags)
        #expect(try !policy(statement()).needsExistingObjectTags)
    }

    @Test(arguments: [
        (#""*""#, nil, true), (#"{"AWS":"*"}"#, nil, true), (#"{"AWS":"ann"}"#, nil, false),
        (#""*""#, #"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, false),
        (#""*""#, #"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#, true),
        (#""*""#, #"{"StringLike":{"aws:UserId":"*"}}"#, true),
        (#""*""#, #"{"StringEquals":{"s3:prefix":"a"}}"#, true),
        (#""*""#, #"{"StringNotEquals":{"aws:SourceIp":"203.0.113.9"}}"#, true),
    ])
    func `a policy that lets strangers in is public`(principal: String, condition: String?, isPublic: Bool) throws {
        #expect(try policy(statement(principal: principal, condition: condition)).isPublic == isPublic)
        #expect(try !policy(statement("Deny", principal: principal, condition: condition)).isPublic)
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{", "true", #"{"Version":"2012-10-17"}"#, #"{"Version":"2012-10-17","Statement":[]}"#,
        #"{"Version":"2030-01-01","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos"}],"More":1}"#,
        #"{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","NotPrincipal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"ann","Action":"s3:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"arn:aws:s3:::photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"photos"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos/${aws:username}"}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos","Condition":1}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos","Condition":{"Like":{"a":"b"}}}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos","Condition":{"NumericEquals":{"a":"b"}}}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::photos","Condition":{"IpAddress":{"a":"1.2.3"}}}]}"#,
        #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":{"a":1},"Resource":"arn:aws:s3:::photos"}]}"#,
    ])
    func `what is no policy of this bucket is refused`(text: String) {
        #expect {
            try BucketPolicy(json: Array(text.utf8), bucket: "photos")
        } throws: { error in
            (error as? S3Error)?.code == .malformedPolicy
        }
    }

    @Test func `a policy that is too long, too deep or no text is refused`() {
        let long = #"{"Id":"\#(String(repeating: "a", count: 20_480))","Statement":[]}"#
        let deep = { (open: String, close: String) in
            #"{"Statement":"# + String(repeating: open, count: 3000) + String(repeating: close, count: 3000) + "}"
        }
        for text in [long, deep("[", "]"), deep(#"{"a":"#, "}"), String(repeating: "[", count: 20_000)] {
            #expect(throws: S3Error.self) { try BucketPolicy(json: Array(text.utf8), bucket: "photos") }
        }
        #expect(throws: S3Error.self) { try BucketPolicy(json: [0x7B, 0xFF, 0x7D], bucket: "photos") }
    }
}
