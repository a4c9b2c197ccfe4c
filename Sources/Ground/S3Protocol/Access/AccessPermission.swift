/// What a grant of an access control list allows.
package enum AccessPermission: String, CaseIterable, Sendable, Hashable {
    case read = "READ"
    case write = "WRITE"
    case readACP = "READ_ACP"
    case writeACP = "WRITE_ACP"
    case fullControl = "FULL_CONTROL"

    /// Whether having this is having the other.
    package func includes(_ other: AccessPermission) -> Bool { self == .fullControl || self == other }
}
