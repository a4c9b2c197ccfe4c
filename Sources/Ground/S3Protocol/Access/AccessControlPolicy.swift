import XML

/// One line of an access control list.
package struct AccessGrantEntry: Sendable, Hashable {
    package let grantee: Grantee
    package let permission: AccessPermission

    package init(_ grantee: Grantee, _ permission: AccessPermission) {
        self.grantee = grantee
        self.permission = permission
    }
}

/// An access control list: whose a bucket or object is, and who may do what with it.
///
/// - Source: Amazon S3 API reference, "AccessControlPolicy".
package struct AccessControlPolicy: Sendable, Hashable {
    /// S3 takes no more grants in one list.
    package static let maximumGrantCount = 100

    package let owner: AccessOwner
    package let grants: [AccessGrantEntry]

    package init(owner: AccessOwner, grants: [AccessGrantEntry]) {
        self.owner = owner
        self.grants = grants
    }

    /// The list of what nobody said anything about: its owner may do everything, others nothing.
    package static func owned(by owner: AccessOwner) -> AccessControlPolicy {
        AccessControlPolicy(owner: owner, grants: [.init(.account(owner), .fullControl)])
    }

    /// Whether strangers are granted anything.
    package var isPublic: Bool { grants.contains { $0.grantee.isPublic } }

    /// Whether nobody but the owner is granted anything.
    package var isPrivate: Bool { grants.allSatisfy { $0.grantee == .account(owner) } }

    /// The same list without what is granted to strangers.
    package var withoutPublicGrants: AccessControlPolicy {
        AccessControlPolicy(owner: owner, grants: grants.filter { !$0.grantee.isPublic })
    }

    /// Whether an account may do something; nil stands for somebody without one.
    package func allows(_ permission: AccessPermission, to account: String?) -> Bool {
        grants.contains { $0.permission.includes(permission) && $0.grantee.includes(account) }
    }

    /// Reads a list.
    ///
    /// - Throws: `MalformedACLError`, `MalformedXML`, `InvalidArgument` for a group that is none.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "AccessControlPolicy")
        let owner = try root.one("Owner")
        let entries = try root.one("AccessControlList")?.all("Grant") ?? []
        guard let id = try owner?.one("ID")?.value, !id.isEmpty, entries.count <= Self.maximumGrantCount else {
            throw S3Error(.malformedACLError)
        }
        var grants: [AccessGrantEntry] = []
        for entry in entries {
            guard let permission = AccessPermission(rawValue: try entry.required("Permission").value) else {
                throw S3Error(.malformedACLError)
            }
            grants.append(.init(try Grantee(entry.required("Grantee")), permission))
        }
        self.init(
            owner: AccessOwner(id: id, displayName: try owner?.one("DisplayName")?.value), grants: grants)
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("AccessControlPolicy") { writer in
            writer.element("Owner") { owner.write(to: &$0) }
            writer.element("AccessControlList") { writer in
                for grant in grants {
                    writer.element("Grant") { writer in
                        grant.grantee.write(to: &writer)
                        writer.text("Permission", grant.permission.rawValue)
                    }
                }
            }
        }
    }
}

extension AccessOwner {
    /// `ID` and `DisplayName`, as in `Owner` and `Initiator`.
    package func write(to writer: inout XMLWriter) {
        writer.text("ID", id)
        writer.text("DisplayName", displayName)
    }
}

extension Grantee {
    fileprivate init(_ element: XMLElement) throws(S3Error) {
        if let id = try element.one("ID")?.value {
            self = .account(AccessOwner(id: id, displayName: try element.one("DisplayName")?.value))
        } else if let uri = try element.one("URI")?.value {
            guard let group = Group(rawValue: uri) else { throw S3Error(.invalidArgument, "Invalid group uri") }
            self = .group(group)
        } else if let address = try element.one("EmailAddress")?.value {
            self = .email(address)
        } else {
            throw S3Error(.malformedACLError)
        }
    }

    fileprivate func write(to writer: inout XMLWriter) {
        func element(_ type: String, _ content: (inout XMLWriter) -> Void) {
            writer.element(
                "Grantee", ["xmlns:xsi": XMLWriter.instanceNamespace, "xsi:type": type], content)
        }
        switch self {
        case .account(let owner): element("CanonicalUser") { owner.write(to: &$0) }
        case .group(let group): element("Group") { $0.text("URI", group.rawValue) }
        case .email(let address): element("AmazonCustomerByEmail") { $0.text("EmailAddress", address) }
        }
    }
}
