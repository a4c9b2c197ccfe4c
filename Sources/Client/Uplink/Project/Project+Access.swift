import AccessGrants
import Encryption
import Foundation
import Macaroons
import WireMessages

extension Project {
    /// The grant that the project was opened with.
    package var access: Access { Access(grant: grant) }

    /// What the satellite tells about the project. Shows whether satellite and API key work.
    ///
    /// - Throws: `.satelliteUnreachable`, `.permissionDenied`, `.invalidAccess`.
    public func info() async throws -> ProjectInfo {
        try await metainfo.projectInfo()
    }

    /// Makes an access grant that was shared from this project's one, and all shared from that, worthless.
    ///
    /// - Throws: `.permissionDenied` when it was not shared from this grant.
    public func revoke(_ access: Access) async throws {
        var request = Metainfo_RevokeAPIKeyRequest()
        request.apiKey = Data(access.grant.apiKey.serialized)
        _ = try await metainfo.call(MetainfoMethods.revokeAPIKey, request, CallSubject(.revokeAccess))
    }

    /// Compares the passphrase with what the project holds. Writes nothing; takes a call for each bucket until one tells.
    ///
    /// - Throws: `.wrongPassphrase` when nothing that is stored decrypts; `.satelliteUnreachable`, `.invalidAccess`;
    ///   `.permissionDenied` when the grant allows nothing at all.
    @discardableResult
    public func verifyPassphrase() async throws -> PassphraseVerdict {
        var failure: UplinkError?
        var count = 0
        for try await bucket in buckets() where count < settings.probeBucketCount {
            let name = Array(bucket.name.utf8)
            var bases = keys.store.entries.filter { $0.bucket == name }.map(\.encryptedPath)
            if keys.store.defaultKey != nil { bases.append(EncryptedPath(bytes: [])) }
            for base in bases {
                count += 1
                do {
                    if try await passphrase.verify(bucket: bucket.name, base: base) { return .verified }
                } catch let error as UplinkError where error.code == .wrongPassphrase {
                    failure = error
                } catch let error as UplinkError where error.code == .permissionDenied || error.code == .bucketNotFound
                {
                    // What may not be listed cannot be compared, and a bucket may go while we look.
                    continue
                }
            }
        }
        if failure != nil {
            throw UplinkError(
                .wrongPassphrase, "nothing in the project decrypts with this passphrase",
                advice: "Check the passphrase; to start with a new one on purpose, use an empty project or switch the "
                    + "check off")
        }
        return .nothingStored
    }
}

extension MetainfoClient {
    /// What the satellite tells about the API key's project.
    ///
    /// - Throws: `UplinkError`, `CancellationError`.
    func projectInfo() async throws -> ProjectInfo {
        let subject = CallSubject(.projectInfo)
        let answer = try await call(MetainfoMethods.projectInfo, Metainfo_ProjectInfoRequest(), subject)
        return ProjectInfo(
            salt: Array(answer.projectSalt), publicID: Array(answer.projectPublicID),
            createdAt: try answer.hasProjectCreatedAt ? .wire(answer.projectCreatedAt, subject) : nil)
    }
}
