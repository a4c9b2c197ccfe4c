import S3Protocol
import StorageModel
import Testing

/// What lifecycle rules mean, and which are none.
@Suite struct LifecycleTests {
    private let noon: Timestamp
    private let calendar = LifecycleCalendar()

    init() throws { noon = try #require(S3Date.parseISO8601("2026-03-01T12:00:00Z")) }

    private func rules(_ text: String) throws(S3Error) -> LifecycleConfiguration {
        try LifecycleConfiguration(
            xml: Array("<LifecycleConfiguration>\(text)</LifecycleConfiguration>".utf8), makeID: { "fresh" })
    }

    private func rule(_ content: String) throws(S3Error) -> LifecycleConfiguration {
        try rules("<Rule><ID>r</ID><Status>Enabled</Status>\(content)</Rule>")
    }

    private func action(
        _ rules: LifecycleConfiguration, _ subject: LifecycleSubject, after days: Double
    ) -> LifecycleAction {
        rules.action(for: subject, at: noon.advanced(by: .seconds(days * 86_400)), calendar: calendar)
    }

    @Test func `an object expires at the midnight behind its days, and not a moment before`() throws {
        let rules = try rule("<Prefix>logs/</Prefix><Expiration><Days>2</Days></Expiration>")
        let object = LifecycleSubject(key: "logs/a", size: 1, modifiedAt: noon)
        #expect(action(rules, object, after: 2) == .keep)
        #expect(action(rules, object, after: 2.499) == .keep)
        #expect(action(rules, object, after: 2.5) == .expire)
        #expect(action(rules, LifecycleSubject(key: "data/a", size: 1, modifiedAt: noon), after: 99) == .keep)
        let expiration = try #require(rules.expiration(of: "logs/a", size: 1, tags: .empty, modifiedAt: noon))
        #expect(expiration.ruleID == "r")
        #expect(S3Date.iso8601(expiration.date) == "2026-03-04T00:00:00.000Z")
    }

    @Test func `a day of one's own length knows no midnight`() throws {
        let rules = try rule("<Prefix/><Expiration><Days>3</Days></Expiration>")
        let short = LifecycleCalendar(day: .seconds(10))
        let object = LifecycleSubject(key: "a", size: 1, modifiedAt: noon)
        #expect(rules.action(for: object, at: noon.advanced(by: .seconds(29)), calendar: short) == .keep)
        #expect(rules.action(for: object, at: noon.advanced(by: .seconds(30)), calendar: short) == .expire)
    }

    @Test func `filters look at prefix, tags and size together`() throws {
        let rules = try rule(
            """
            <Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><ObjectSizeGreaterThan>10</ObjectSizeGreaterThan>
            <ObjectSizeLessThan>20</ObjectSizeLessThan></And></Filter><Expiration><Days>1</Days></Expiration>
            """)
        let tags = try TagSet(header: "k=v&other=1")
        let meant = LifecycleSubject(key: "a/b", size: 11, tags: tags, modifiedAt: noon)
        #expect(action(rules, meant, after: 9) == .expire)
        for change in [
            { (s: inout LifecycleSubject) in s.key = "b" }, { $0.tags = .empty }, { $0.size = 10 }, { $0.size = 20 },
        ] {
            var other = meant
            change(&other)
            #expect(action(rules, other, after: 9) == .keep)
        }
    }

    @Test func `older versions go after their days, but for the newest few of them`() throws {
        let rules = try rule(
            """
            <Filter/><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>2</NewerNoncurrentVersions>
            </NoncurrentVersionExpiration>
            """)
        for (newer, expected) in [(0, LifecycleAction.keep), (1, .keep), (2, .remove), (5, .remove)] {
            let version = LifecycleSubject(
                key: "a", size: 1, modifiedAt: noon, noncurrentSince: noon, newerNoncurrentCount: newer,
                isOnlyVersion: false)
            #expect(action(rules, version, after: 9) == expected)
            #expect(action(rules, version, after: 1) == .keep)
        }
        #expect(action(rules, LifecycleSubject(key: "a", size: 1, modifiedAt: noon), after: 99) == .keep)
    }

    @Test func `a delete marker goes only when nothing lies under it`() throws {
        let rules = try rule(
            "<Filter/><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>")
        var marker = LifecycleSubject(key: "a", size: 0, modifiedAt: noon, isDeleteMarker: true)
        #expect(action(rules, marker, after: 0) == .remove)
        marker.isOnlyVersion = false
        #expect(action(rules, marker, after: 99) == .keep)
        let object = LifecycleSubject(key: "a", size: 1, modifiedAt: noon)
        #expect(action(rules, object, after: 99) == .keep)
    }

    @Test func `an upload that nobody finishes is aborted after its days`() throws {
        let rules = try rule(
            """
            <Prefix>a/</Prefix><AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>
            </AbortIncompleteMultipartUpload>
            """)
        let later = noon.advanced(by: .seconds(3 * 86_400))
        #expect(rules.abortsUpload(of: "a/b", begunAt: noon, at: later, calendar: calendar))
        #expect(!rules.abortsUpload(of: "b", begunAt: noon, at: later, calendar: calendar))
        #expect(!rules.abortsUpload(of: "a/b", begunAt: noon, at: noon, calendar: calendar))
    }

    @Test func `a rule that is off does nothing`() throws {
        let rules = try rules(
            "<Rule><Status>Disabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>")
        #expect(action(rules, LifecycleSubject(key: "a", size: 1, modifiedAt: noon), after: 99) == .keep)
        #expect(rules.rules.map(\.id) == ["fresh"])
        #expect(rules.expiration(of: "a", size: 1, tags: .empty, modifiedAt: noon) == nil)
    }

    @Test func `days beyond all time are no trap`() throws {
        let rules = try rule("<Prefix/><Expiration><Days>2147483647</Days></Expiration>")
        #expect(action(rules, LifecycleSubject(key: "a", size: 1, modifiedAt: noon), after: 99) == .keep)
    }

    @Test(arguments: [
        "<Prefix>a</Prefix><Expiration><Days>1</Days></Expiration>",
        "<Filter><Prefix>a</Prefix></Filter><Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>",
        "<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Expiration><Days>1</Days></Expiration>",
        """
        <Filter/><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>\
        <NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>\
        <AbortIncompleteMultipartUpload><DaysAfterInitiation>5</DaysAfterInitiation></AbortIncompleteMultipartUpload>
        """,
    ])
    func `rules are written as they were read`(content: String) throws {
        let rules = try rule(content)
        #expect(try LifecycleConfiguration(xml: rules.xml(), makeID: { "other" }) == rules)
    }

    @Test(arguments: [
        ("", S3ErrorCode.malformedXML),
        ("<Rule><Status>Enabled</Status><Prefix/></Rule>", .invalidRequest),
        ("<Rule><Status>enabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>", .malformedXML),
        ("<Rule><Prefix/><Expiration><Days>1</Days></Expiration></Rule>", .malformedXML),
        ("<Rule><Status>Enabled</Status><Prefix/><Expiration><Days>0</Days></Expiration></Rule>", .invalidArgument),
        ("<Rule><Status>Enabled</Status><Prefix/><Expiration><Days>-1</Days></Expiration></Rule>", .invalidArgument),
        ("<Rule><Status>Enabled</Status><Prefix/><Expiration><Days>x</Days></Expiration></Rule>", .malformedXML),
        ("<Rule><Status>Enabled</Status><Prefix/><Expiration/></Rule>", .malformedXML),
        ("<Rule><Status>Enabled</Status><Prefix/><Expiration><Date>20170101</Date></Expiration></Rule>", .malformedXML),
        (
            "<Rule><Status>Enabled</Status><Prefix/><Expiration><Date>2030-01-01T01:00:00Z</Date></Expiration></Rule>",
            .invalidArgument
        ),
        (
            """
            <Rule><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>\
            </Rule>
            """, .malformedXML
        ),
        (
            "<Rule><Status>Enabled</Status><Prefix>a</Prefix><Filter/><Expiration><Days>1</Days></Expiration></Rule>",
            .malformedXML
        ),
        (
            "<Rule><Status>Enabled</Status><Prefix/><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>",
            .notImplemented
        ),
        (
            "<Rule><Status>Enabled</Status><Prefix/><Transition><Date>20220927</Date></Transition></Rule>", .malformedXML
        ),
        (
            "<Rule><ID>\(String(repeating: "a", count: 256))</ID><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>",
            .invalidArgument
        ),
        (
            String(
                repeating:
                    "<Rule><ID>a</ID><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>",
                count: 2),
            .invalidArgument
        ),
    ])
    func `a rule that S3 does not take is refused in its words`(text: String, expected: S3ErrorCode) {
        #expect {
            try rules(text)
        } throws: { error in
            (error as? S3Error)?.code == expected
        }
    }
}
