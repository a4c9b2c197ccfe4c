import GatewayRecords
import StorageModel
import Uplink

/// Finds the access behind a link: the grant it carries, or the one that a public credential opens.
struct LinkAccess: Sendable {
    private let records: GatewayRecords?
    private let satellites: Set<String>
    private let clock: WallClock

    /// - Parameters:
    ///   - records: of the gateway whose public credentials make short links; nil for none.
    ///   - satellites: node ids that grants may name; empty for any.
    init(records: GatewayRecords?, satellites: Set<String>, clock: WallClock) {
        self.records = records
        self.satellites = satellites
        self.clock = clock
    }

    /// - Throws: `LinkSharingError`; `DatabaseError` and others when the records cannot be read.
    func access(_ text: String) async throws -> Access {
        let access = try await grant(text)
        if !satellites.isEmpty {
            let id = access.satellite.split(separator: "@").first.map(String.init) ?? ""
            guard satellites.contains(id) else { throw LinkSharingError.refused }
        }
        return access
    }

    private func grant(_ text: String) async throws -> Access {
        if CredentialText.chosenLengths.contains(text.utf8.count) {
            guard let credential = try await records?.credentials.credential(accessKeyID: text, at: clock.now()) else {
                throw LinkSharingError.noSuchLink
            }
            // A secret credential is not told from one that does not exist.
            guard credential.isPublic else { throw LinkSharingError.noSuchLink }
            return try Access(credential.grant)
        }
        do {
            return try Access(text)
        } catch {
            throw LinkSharingError.malformed
        }
    }
}
