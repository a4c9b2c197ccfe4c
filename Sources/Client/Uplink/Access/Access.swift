internal import AccessGrants
internal import Encryption
internal import Macaroons
internal import StorageModel

/// What lets someone use a project: the satellite's address, an API key, and the keys that decrypt what is stored.
///
/// Whoever holds an access, or its ``text``, can do all it allows. Make a smaller one with ``shared(_:prefixes:)``
/// before giving it away. Accesses made by other tools of the same network work here and the other way round.
public struct Access: Hashable, Sendable {
    /// The parts.
    let grant: AccessGrant

    init(grant: AccessGrant) { self.grant = grant }

    /// Reads an access grant.
    ///
    /// - Throws: ``UplinkError/Code/invalidAccess`` saying what is wrong with the text.
    public init(_ text: String) throws(UplinkError) {
        let trimmed = Self.trimmed(text)
        guard !trimmed.isEmpty else {
            throw UplinkError(.invalidAccess, "the access grant is empty", advice: Self.parseAdvice)
        }
        do { grant = try AccessGrant(text: trimmed) } catch {
            throw UplinkError(.invalidAccess, "not an access grant: \(error)", advice: Self.parseAdvice)
        }
        let url: NodeURL
        do { url = try NodeURL(text: grant.satelliteAddress) } catch {
            throw UplinkError(.invalidAccess, "the access grant names no usable satellite: \(error)")
        }
        guard !url.id.isZero, url.hostAndPort != nil else {
            throw UplinkError(
                .invalidAccess, "the access grant's satellite \"\(grant.satelliteAddress)\" is not NODEID@HOST:PORT")
        }
    }

    /// The access grant as text, to be kept like a password.
    public var text: String { grant.text }

    /// The satellite, as `NODEID@HOST:PORT`.
    public var satellite: String { grant.satelliteAddress }

    /// The API key alone, as text, to be kept like a password.
    public var apiKey: String { grant.apiKey.text }

    private static let parseAdvice = "Copy it whole, without line breaks, or make one with `storj access create`"

    /// People paste with white space around.
    static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}

extension Access: CustomStringConvertible, CustomReflectable {
    /// Says only which satellite it is for.
    public var description: String { "access to \(satellite)" }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
