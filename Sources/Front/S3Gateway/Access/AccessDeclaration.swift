package import GatewayRecords
package import S3Protocol

/// The list that a request asks for in its headers: `x-amz-acl` or `x-amz-grant-…`.
struct AccessDeclaration {
    private enum Content {
        case canned(CannedAccess)
        case grants([AccessGrantEntry])
    }

    private let content: Content

    /// - Returns: nil when the request asks for none.
    /// - Throws: `InvalidArgument`, `InvalidRequest` for both forms at once, `UnresolvableGrantByEmailAddress`.
    init?(_ request: S3Request, accounts: AccountRecords) async throws {
        var grants: [AccessGrantEntry] = []
        for (name, permission) in GrantHeaders.names {
            guard let text = request.header(name) else { continue }
            for grantee in try GrantHeaders.parse(text) { grants.append(.init(grantee, permission)) }
        }
        if let text = request.header("x-amz-acl") {
            guard grants.isEmpty else {
                throw S3Error(.invalidRequest, "Specifying both Canned ACLs and Header Grants is not allowed")
            }
            guard let canned = CannedAccess(rawValue: text) else { throw S3Error(.invalidArgument) }
            content = .canned(canned)
        } else if !grants.isEmpty {
            content = .grants(try await Self.resolved(grants, accounts: accounts))
        } else {
            return nil
        }
    }

    /// The canned list; nil for grants one by one.
    var canned: CannedAccess? { if case .canned(let canned) = content { canned } else { nil } }

    /// The list it stands for.
    ///
    /// - Parameters:
    ///   - owner: whose the bucket or object is.
    ///   - bucketOwner: whose the object's bucket is; nil for a bucket.
    func list(owner: AccessOwner, bucketOwner: AccessOwner?) -> AccessControlPolicy {
        switch content {
        case .canned(let canned): canned.list(owner: owner, bucketOwner: bucketOwner)
        case .grants(let grants): AccessControlPolicy(owner: owner, grants: grants)
        }
    }

    /// Grants with every account named by its id and called by its name; groups come first.
    ///
    /// - Throws: `InvalidArgument` for an id that nobody has, `UnresolvableGrantByEmailAddress`.
    static func resolved(
        _ grants: [AccessGrantEntry], accounts: AccountRecords
    ) async throws -> [AccessGrantEntry] {
        var (groups, others): ([AccessGrantEntry], [AccessGrantEntry]) = ([], [])
        for grant in grants {
            switch grant.grantee {
            case .group: groups.append(grant)
            case .account(let owner):
                guard let account = try await accounts.account(owner.id) else {
                    throw S3Error(.invalidArgument, "Invalid id")
                }
                others.append(.init(.account(AccessOwner(account)), grant.permission))
            case .email(let address):
                guard let account = try await accounts.account(email: address) else {
                    throw S3Error(.unresolvableGrantByEmailAddress)
                }
                others.append(.init(.account(AccessOwner(account)), grant.permission))
            }
        }
        return groups + others
    }
}

extension AccessOwner {
    /// An account as documents name it.
    package init(_ account: GatewayAccount) {
        self.init(id: account.id, displayName: account.name)
    }
}
