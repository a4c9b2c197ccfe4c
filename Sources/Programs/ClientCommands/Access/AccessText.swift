import Foundation
import Uplink

/// What a grant is good for, without its secrets, in words and as JSON.
struct AccessText: Encodable {
    struct Place: Encodable, Equatable {
        let bucket: String
        let prefix: String
    }

    struct Restriction: Encodable {
        let permission: PermissionText
        let places: [AccessCaveat.Place]
        let nonce: String
        let isReadable: Bool
    }

    let satellite: String
    let keyHead: String
    let encryptsObjectKeys: Bool
    let hasProjectKey: Bool
    let permission: PermissionText
    let prefixes: [Place]
    let unreadablePrefixes: Int
    let restrictions: [Restriction]

    init(_ access: Access) {
        let inspection = access.inspection
        satellite = inspection.satellite
        keyHead = inspection.keyHead
        encryptsObjectKeys = inspection.encryptsKeys
        hasProjectKey = inspection.hasProjectKey
        permission = PermissionText(inspection.permission)
        prefixes = inspection.prefixes.map { Place(bucket: $0.bucket, prefix: $0.prefix) }
        unreadablePrefixes = inspection.unreadablePrefixes
        restrictions = inspection.caveats.map {
            Restriction(
                permission: PermissionText($0.permission), places: $0.places, nonce: $0.nonce, isReadable: $0.isReadable
            )
        }
    }

    /// One line a fact, for people.
    func lines(show: (Date) -> String) -> [String] {
        var facts: [(String, String)] = [
            ("satellite", satellite), ("API key", keyHead), ("allows", permission.allowed),
        ]
        if !permission.objectLock.isEmpty {
            facts.append(("object lock", permission.objectLock.joined(separator: ", ")))
        }
        facts.append(("works from", permission.notBefore.map(show) ?? "always"))
        facts.append(("works until", permission.notAfter.map(show) ?? "no end"))
        if let seconds = permission.maximumObjectLifetimeSeconds {
            facts.append(("objects live", "\(Duration.seconds(seconds).formatted(.units(width: .wide))) at most"))
        }
        for (index, place) in reach.enumerated() { facts.append((index == 0 ? "reaches" : "", place)) }
        facts.append(("object keys", encryptsObjectKeys ? "encrypted" : "not encrypted"))
        if !restrictions.isEmpty { facts.append(("restrictions", "\(restrictions.count)")) }
        return FactList.lines(facts)
    }

    private var reach: [String] {
        var places = prefixes.map { RemotePath(bucket: $0.bucket, key: $0.prefix).description }
        if unreadablePrefixes > 0 { places.append("\(unreadablePrefixes) places for which the grant has no keys") }
        if restrictions.contains(where: { !$0.places.isEmpty }) {
            return places.isEmpty ? ["nothing"] : places
        }
        return [hasProjectKey ? "the whole project" : "the whole project, but it has no key to read it"]
    }
}
