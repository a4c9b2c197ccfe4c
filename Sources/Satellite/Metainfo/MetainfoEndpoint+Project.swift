import Accounts
import Foundation
import Macaroons
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Tells the salt from which clients make keys of a passphrase, and what is public of the project.
    func projectInfo(
        _ request: Metainfo_ProjectInfoRequest, _ caller: Caller
    ) async throws -> Metainfo_ProjectInfoResponse {
        try caller.demand(.projectInfo)
        try caller.charge(.head)
        var response = Metainfo_ProjectInfoResponse()
        response.projectSalt = Data(caller.project.salt)
        response.projectPublicID = Data(caller.project.publicID.bytes)
        response.projectCreatedAt = Wire_Timestamp(caller.project.createdAt)
        return response
    }

    /// Kills a key that was made from the caller's, and all keys made from it.
    ///
    /// - Source: protocol document 2 §3.5. Revoking twice succeeds, since the second answer may replace a lost first one.
    func revokeAPIKey(
        _ request: Metainfo_RevokeAPIKeyRequest, _ caller: Caller
    ) async throws -> Metainfo_RevokeAPIKeyResponse {
        guard !caller.isRefused else { throw Refusal.unauthorized }
        try caller.charge(.put)
        let bytes = Array(request.apiKey)
        let key: APIKey
        do { key = try APIKey(serialized: bytes) } catch { throw Refusal.invalid("API key to revoke: \(error)") }
        guard key.head == caller.key.key.head else { throw Refusal.revocationDenied }
        let revoked: VerifiedAPIKey
        do {
            revoked = try authorizer.verify(key, bytes: bytes, secret: caller.lookup.key.secret)
        } catch {
            throw Refusal.revocationDenied
        }
        guard caller.key.mayRevoke(revoked) else { throw Refusal.revocationDenied }
        try await accounts.revoke(tail: key.tail, keyID: caller.lookup.key.id)
        return Metainfo_RevokeAPIKeyResponse()
    }

    /// Tells the licenses of the account: this satellite sells none.
    func accountLicenses(
        _ request: Metainfo_AccountLicensesRequest, _ caller: Caller
    ) async throws -> Metainfo_AccountLicensesResponse {
        try caller.demand(.projectInfo)
        try caller.charge(.head)
        return Metainfo_AccountLicensesResponse()
    }
}
