import S3Protocol
import Testing
import XML

@Suite struct AccessControlPolicyTests {
    private let ann = AccessOwner(id: "ann", displayName: "Ann")
    private let bob = AccessOwner(id: "bob")

    @Test func `a list is written as it was read`() throws {
        let list = AccessControlPolicy(
            owner: ann,
            grants: [
                .init(.account(ann), .fullControl), .init(.group(.allUsers), .read),
                .init(.email("bob@example.com"), .writeACP),
            ])
        let read = try AccessControlPolicy(xml: list.xml())
        #expect(read == list)
        #expect(read.owner.displayName == "Ann")
        let grantee = try XMLReader.read(list.xml()).required("AccessControlList").all("Grant")[1].required("Grantee")
        #expect(grantee.attributes["xsi:type"] == "Group")
    }

    @Test func `full control is every permission, and no other permission is another`() {
        for held in AccessPermission.allCases {
            for asked in AccessPermission.allCases {
                #expect(held.includes(asked) == (held == .fullControl || held == asked))
            }
        }
    }

    @Test func `a canned list lets in whom its name says`() {
        let canned = { (name: CannedAccess) in name.list(owner: ann, bucketOwner: bob) }
        for name in CannedAccess.allCases {
            #expect(canned(name).allows(.writeACP, to: "ann"))
            #expect(!canned(name).allows(.writeACP, to: "eve"))
            #expect(!canned(name).allows(.writeACP, to: nil))
        }
        #expect(canned(.private).isPrivate)
        #expect(!canned(.private).allows(.read, to: "bob"))
        #expect(canned(.publicRead).allows(.read, to: nil))
        #expect(!canned(.publicRead).allows(.write, to: nil))
        #expect(canned(.publicReadWrite).allows(.write, to: nil))
        #expect(canned(.authenticatedRead).allows(.read, to: "eve"))
        #expect(!canned(.authenticatedRead).allows(.read, to: nil))
        #expect(canned(.bucketOwnerRead).allows(.read, to: "bob"))
        #expect(!canned(.bucketOwnerRead).allows(.readACP, to: "bob"))
        #expect(canned(.bucketOwnerFullControl).allows(.writeACP, to: "bob"))
        for name in [CannedAccess.publicRead, .publicReadWrite, .authenticatedRead] {
            #expect(canned(name).isPublic)
            #expect(canned(name).withoutPublicGrants.isPrivate)
        }
        #expect(!canned(.bucketOwnerRead).isPublic)
    }

    @Test func `grants in headers name accounts, groups and addresses`() throws {
        let grantees = try GrantHeaders.parse(
            #"id="bob", uri=http://acs.amazonaws.com/groups/global/AllUsers, emailAddress="a@example.com""#)
        #expect(grantees == [.account(bob), .group(.allUsers), .email("a@example.com")])
        for text in ["bob", "name=bob", "id=", #"id="""#, "uri=http://example.com"] {
            #expect(throws: S3Error.self) { try GrantHeaders.parse(text) }
        }
    }

    @Test(arguments: [
        "", "<Owner/>", "<Owner><ID></ID></Owner>", "<AccessControlList/>",
        "<Owner><ID>a</ID></Owner><AccessControlList><Grant/></AccessControlList>",
        """
        <Owner><ID>a</ID></Owner><AccessControlList><Grant><Grantee><ID>b</ID></Grantee><Permission>ALL</Permission></Grant>\
        </AccessControlList>
        """,
        """
        <Owner><ID>a</ID></Owner><AccessControlList><Grant><Grantee/><Permission>READ</Permission></Grant></AccessControlList>
        """,
        """
        <Owner><ID>a</ID></Owner><AccessControlList><Grant><Grantee><URI>all</URI></Grantee><Permission>READ</Permission></Grant>\
        </AccessControlList>
        """,
        "<Owner><ID>a</ID></Owner><AccessControlList>"
            + String(
                repeating: "<Grant><Grantee><ID>b</ID></Grantee><Permission>READ</Permission></Grant>", count: 101)
            + "</AccessControlList>",
    ])
    func `a list that is none is refused`(text: String) {
        let bytes = Array("<AccessControlPolicy>\(text)</AccessControlPolicy>".utf8)
        #expect {
            try AccessControlPolicy(xml: bytes)
        } throws: { error in
            [.malformedACLError, .malformedXML, .invalidArgument].contains((error as? S3Error)?.code)
        }
    }
}
