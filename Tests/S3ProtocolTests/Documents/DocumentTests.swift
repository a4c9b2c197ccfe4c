import S3Protocol
import StorageModel
import Testing
import XML

/// Documents of buckets and objects: read, refused, and written as they were read.
@Suite struct DocumentTests {
    private func code(_ parse: () throws(S3Error) -> some Any) -> S3ErrorCode? {
        do throws(S3Error) {
            _ = try parse()
            return nil
        } catch {
            return error.code
        }
    }

    // MARK: Deletion of many, completion of an upload

    @Test func `a list of keys to delete is read with versions and conditions`() throws {
        let request = try DeleteRequest(
            xml: Array(
                """
                <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key> a/ü </Key></Object>
                <Object><Key>b</Key><VersionId>v1</VersionId><ETag>"e"</ETag><Size>7</Size>
                <LastModifiedTime>2026-11-23T05:00:00Z</LastModifiedTime></Object><Quiet>true</Quiet></Delete>
                """.utf8))
        #expect(request.isQuiet)
        #expect(request.items.map(\.key) == [" a/ü ", "b"])
        #expect(request.items[1].versionID == "v1")
        #expect(request.items[1].entityTag == "\"e\"")
        #expect(request.items[1].size == 7)
        #expect(request.items[1].lastModified == S3Date.parseISO8601("2026-11-23T05:00:00Z"))
    }

    @Test func `a list of no keys, of too many, or of one that is none is refused`() {
        let object = "<Object><Key>a</Key></Object>"
        let lists = [
            "", String(repeating: object, count: 1001), "<Object></Object>",
            "<Object><Key>a</Key><Key>b</Key></Object>",
            "<Object><Key>a</Key><Size>x</Size></Object>",
            "<Object><Key>a</Key><LastModifiedTime>noon</LastModifiedTime></Object>", object + "<Quiet>perhaps</Quiet>",
        ]
        for list in lists {
            #expect(
                code { () throws(S3Error) in try DeleteRequest(xml: Array("<Delete>\(list)</Delete>".utf8)) }
                    == .malformedXML)
        }
        let full = "<Delete>" + String(repeating: object, count: 1000) + "</Delete>"
        #expect(code { () throws(S3Error) in try DeleteRequest(xml: Array(full.utf8)) } == nil)
        let nameless = Array("<Delete><Object><Key></Key></Object></Delete>".utf8)
        #expect(code { () throws(S3Error) in try DeleteRequest(xml: nameless) } == .userKeyMustBeSpecified)
    }

    @Test func `the parts of an upload are read in order, with their tags and checksums`() throws {
        let upload = try CompletedUpload(
            xml: Array(
                """
                <CompleteMultipartUpload><Part><ETag>"abc"</ETag><PartNumber>1</PartNumber>
                <ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part><Part><PartNumber>9</PartNumber><ETag>&quot;def&quot;</ETag>
                </Part></CompleteMultipartUpload>
                """.utf8))
        #expect(upload.parts.map(\.number) == [1, 9])
        #expect(upload.parts.map(\.entityTag) == ["abc", "def"])
        #expect(upload.parts[0].checksums == [.crc32: "AAAAAA=="])
    }

    @Test(arguments: [
        ("", S3ErrorCode.malformedXML), ("<Part><PartNumber>1</PartNumber></Part>", .malformedXML),
        ("<Part><ETag>a</ETag></Part>", .malformedXML),
        ("<Part><ETag>a</ETag><PartNumber>one</PartNumber></Part>", .malformedXML),
        ("<Part><ETag>a</ETag><PartNumber>0</PartNumber></Part>", .invalidArgument),
        ("<Part><ETag>a</ETag><PartNumber>10001</PartNumber></Part>", .invalidArgument),
        ("<Part><ETag>a</ETag><PartNumber>99999999999999999999</PartNumber></Part>", .malformedXML),
        (
            "<Part><ETag>a</ETag><PartNumber>2</PartNumber></Part><Part><ETag>a</ETag><PartNumber>1</PartNumber></Part>",
            .invalidPartOrder
        ),
        (
            "<Part><ETag>a</ETag><PartNumber>2</PartNumber></Part><Part><ETag>a</ETag><PartNumber>1</PartNumber></Part>"
                + "<Part><ETag>a</ETag><PartNumber>2</PartNumber></Part>",
            .invalidPartOrder
        ),
    ])
    func `a list of parts that is none is refused`(parts: String, expected: S3ErrorCode) {
        let bytes = Array("<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>".utf8)
        #expect(code { () throws(S3Error) in try CompletedUpload(xml: bytes) } == expected)
    }

    // MARK: Tags

    @Test func `tags are read from a document and from a header, and written as both`() throws {
        let set = try TagSet(header: "a=1&b+c=%C3%BC%26&empty")
        #expect(set.tags == [.init("a", "1"), .init("b c", "ü&"), .init("empty", "")])
        #expect(set.header == "a=1&b%20c=%C3%BC%26&empty=")
        #expect(try TagSet(xml: set.xml(), maximum: 10) == set)
        #expect(try TagSet(header: "") == .empty)
        #expect(set.contains([.init("a", "1")]))
        #expect(!set.contains([.init("a", "2")]))
    }

    @Test func `too many tags, too long ones and one key twice are refused`() {
        let many = (0...10).map { "k\($0)=v" }.joined(separator: "&")
        #expect(code { () throws(S3Error) in try TagSet(header: many) } == .invalidTag)
        #expect(code { () throws(S3Error) in try TagSet(header: many, maximum: 50) } == nil)
        let long = { (count: Int) in String(repeating: "x", count: count) }
        #expect(code { () throws(S3Error) in try TagSet(header: "\(long(128))=\(long(256))") } == nil)
        #expect(code { () throws(S3Error) in try TagSet(header: "\(long(129))=v") } == .invalidTag)
        #expect(code { () throws(S3Error) in try TagSet(header: "k=\(long(257))") } == .invalidTag)
        #expect(code { () throws(S3Error) in try TagSet(header: "=v") } == .invalidTag)
        #expect(code { () throws(S3Error) in try TagSet(header: "k=1&k=2") } == .invalidTag)
        #expect(code { () throws(S3Error) in try TagSet(header: "k=%G1") } == .invalidArgument)
        #expect(code { () throws(S3Error) in try TagSet(header: "k=%FF") } == .invalidArgument)
        let bare = Array("<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>".utf8)
        #expect(code { () throws(S3Error) in try TagSet(xml: bare, maximum: 10) } == .malformedXML)
    }

    // MARK: Versions and locks

    @Test func `a bucket keeps versions or is told to stop, and nothing else`() throws {
        for versioning in [VersioningConfiguration.enabled, .suspended] {
            #expect(try VersioningConfiguration(xml: VersioningConfiguration.xml(versioning)) == versioning)
        }
        let parse = { (text: String) in
            code { () throws(S3Error) in
                try VersioningConfiguration(
                    xml: Array("<VersioningConfiguration>\(text)</VersioningConfiguration>".utf8))
            }
        }
        #expect(parse("") == .illegalVersioningConfigurationException)
        #expect(parse("<Status>foo</Status>") == .malformedXML)
        #expect(parse("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>") == .notImplemented)
        #expect(parse("<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>") == nil)
    }

    @Test(arguments: [
        ("<Mode>GOVERNANCE</Mode><Days>1</Days>", nil), ("<Mode>COMPLIANCE</Mode><Years>1</Years>", nil),
        ("<Mode>governance</Mode><Days>1</Days>", S3ErrorCode.malformedXML),
        ("<Mode>GOVERNANCE</Mode>", .malformedXML), ("<Days>1</Days>", .malformedXML),
        ("<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>", .malformedXML),
        ("<Mode>GOVERNANCE</Mode><Days>0</Days>", .invalidRetentionPeriod),
        ("<Mode>GOVERNANCE</Mode><Years>-1</Years>", .invalidRetentionPeriod),
        ("<Mode>GOVERNANCE</Mode><Days>9223372036854775807</Days>", .invalidRetentionPeriod),
    ])
    func `a bucket's lock names a mode and days or years`(retention: String, expected: S3ErrorCode?) {
        let bytes = Array(
            """
            <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\(retention)\
            </DefaultRetention></Rule></ObjectLockConfiguration>
            """.utf8)
        #expect(code { () throws(S3Error) in try ObjectLockConfiguration(xml: bytes) } == expected)
    }

    @Test func `locks are written as they were read`() throws {
        for retention in [
            nil, ObjectLockConfiguration.Retention(mode: .governance, period: .days(3)),
            .init(mode: .compliance, period: .years(2)),
        ] {
            let lock = ObjectLockConfiguration(defaultRetention: retention)
            #expect(try ObjectLockConfiguration(xml: lock.xml()) == lock)
        }
        let disabled = Array(
            "<ObjectLockConfiguration><ObjectLockEnabled>Disabled</ObjectLockEnabled></ObjectLockConfiguration>".utf8)
        #expect(code { () throws(S3Error) in try ObjectLockConfiguration(xml: disabled) } == .malformedXML)
        let until = try #require(S3Date.parseISO8601("2030-01-01T00:00:00Z"))
        let retention = ObjectRetention(mode: .compliance, until: until)
        #expect(try ObjectRetention.parse(xml: retention.xml()) == retention)
        #expect(try ObjectRetention.parse(xml: Array("<Retention/>".utf8)) == nil)
        for text in [
            "<Mode>COMPLIANCE</Mode>", "<RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate>",
            "<Mode>abc</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate>",
            "<Mode>COMPLIANCE</Mode><RetainUntilDate>soon</RetainUntilDate>",
        ] {
            let bytes = Array("<Retention>\(text)</Retention>".utf8)
            #expect(code { () throws(S3Error) in try ObjectRetention.parse(xml: bytes) } == .malformedXML)
        }
        #expect(try LegalHold(xml: LegalHold.on.xml()) == .on)
        #expect(
            code { () throws(S3Error) in try LegalHold(xml: Array("<LegalHold><Status>abc</Status></LegalHold>".utf8)) }
                == .malformedXML)
    }

    // MARK: Buckets

    @Test func `what an owner forbids, whose objects are and where a bucket is are read and written`() throws {
        var block = PublicAccessBlock()
        block.blockPublicAcls = true
        block.restrictPublicBuckets = true
        #expect(try PublicAccessBlock(xml: block.xml()) == block)
        for ownership in ObjectOwnership.allCases { #expect(try ObjectOwnership(xml: ownership.xml()) == ownership) }
        #expect(
            code { () throws(S3Error) in
                try ObjectOwnership(
                    xml: Array(
                        "<OwnershipControls><Rule><ObjectOwnership>Mine</ObjectOwnership></Rule></OwnershipControls>"
                            .utf8))
            } == .malformedXML)
        let location =
            "<CreateBucketConfiguration><LocationConstraint>eu</LocationConstraint></CreateBucketConfiguration>"
        #expect(try CreateBucketConfiguration(xml: Array(location.utf8)).locationConstraint == "eu")
        let root = try XMLReader.read(CreateBucketConfiguration.answer("eu"), named: "LocationConstraint")
        #expect(root.text == "eu")
    }

    @Test func `keys of a management service, and requesters who pay, are refused by name`() throws {
        let parse = { (algorithm: String) in
            code { () throws(S3Error) in
                try BucketEncryption(
                    xml: Array(
                        """
                        <ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>\(algorithm)\
                        </SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>
                        """.utf8))
            }
        }
        #expect(parse("AES256") == nil)
        #expect(parse("aws:kms") == .notImplemented)
        #expect(parse("ROT13") == .malformedXML)
        let payer = { (text: String) in
            code { () throws(S3Error) in
                try RequestPayment.validate(
                    xml: Array("<RequestPaymentConfiguration><Payer>\(text)</Payer></RequestPaymentConfiguration>".utf8)
                )
            }
        }
        #expect(payer("BucketOwner") == nil)
        #expect(payer("Requester") == .notImplemented)
        #expect(payer("Nobody") == .malformedXML)
    }

    @Test func `a website has an index, or sends everybody elsewhere, and rules for keys and errors`() throws {
        let site = try WebsiteConfiguration(
            xml: Array(
                """
                <WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>404.html</Key>
                </ErrorDocument><RoutingRules><RoutingRule><Condition><KeyPrefixEquals>docs/</KeyPrefixEquals></Condition><Redirect>
                <ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith></Redirect></RoutingRule><RoutingRule><Condition>
                <HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><HostName>other.example</HostName>
                <HttpRedirectCode>302</HttpRedirectCode></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>
                """.utf8))
        #expect(try WebsiteConfiguration(xml: site.xml()) == site)
        #expect(site.rule(for: "docs/a", errorStatus: nil)?.newKey(for: "docs/a") == "documents/a")
        #expect(site.rule(for: "a", errorStatus: nil) == nil)
        #expect(site.rule(for: "a", errorStatus: 404)?.redirect.host == "other.example")
        let parse = { (text: String) in
            code { () throws(S3Error) in
                try WebsiteConfiguration(xml: Array("<WebsiteConfiguration>\(text)</WebsiteConfiguration>".utf8))
            }
        }
        #expect(parse("<RedirectAllRequestsTo><HostName>a</HostName></RedirectAllRequestsTo>") == nil)
        #expect(parse("") == .invalidArgument)
        #expect(parse("<IndexDocument><Suffix>a/b</Suffix></IndexDocument>") == .invalidArgument)
        #expect(
            parse(
                "<IndexDocument><Suffix>a</Suffix></IndexDocument><RedirectAllRequestsTo><HostName>a</HostName></RedirectAllRequestsTo>"
            )
                == .invalidArgument)
    }

    @Test func `who wants to hear of what is read and written, and gets an id`() throws {
        let wishes = try NotificationConfiguration(
            xml: Array(
                """
                <NotificationConfiguration><TopicConfiguration><Topic>arn:a</Topic><Event>s3:ObjectCreated:*</Event><Filter><S3Key>
                <FilterRule><Name>Prefix</Name><Value>a/</Value></FilterRule><FilterRule><Name>suffix</Name><Value>.jpg</Value>
                </FilterRule></S3Key></Filter></TopicConfiguration></NotificationConfiguration>
                """.utf8), makeID: { "fresh" })
        #expect(wishes.targets.map(\.id) == ["fresh"])
        #expect(wishes.targets[0].wants(key: "a/b.jpg"))
        #expect(!wishes.targets[0].wants(key: "b.jpg"))
        #expect(try NotificationConfiguration(xml: wishes.xml(), makeID: { "other" }) == wishes)
    }
}
