package import S3Protocol
package import Uplink

/// A version as S3 writes it: what the satellite named it, or `null` for the one that was stored without versions.
package enum VersionName: Hashable, Sendable {
    case null
    case id(ObjectVersion)

    /// Parses `versionId`; nil for none.
    ///
    /// - Throws: `InvalidArgument` for what no version is called.
    package static func parse(_ text: String?) throws(S3Error) -> VersionName? {
        guard let text else { return nil }
        if text == "null" { return .null }
        guard let version = ObjectVersion(text) else {
            throw S3Error(
                .invalidArgument, text.isEmpty ? "Version id cannot be the empty string" : "Invalid version id specified",
                details: [.init("ArgumentName", "versionId"), .init("ArgumentValue", text)])
        }
        return .id(version)
    }

    /// The satellite's name of a version; nil for none and for `null`, which only ``ObjectLookUp`` can find.
    ///
    /// - Throws: as ``parse(_:)``.
    package static func version(of text: String?) throws(S3Error) -> ObjectVersion? {
        if case .id(let version)? = try parse(text) { version } else { nil }
    }

    /// How answers call an object's version; nil for one that was stored without versions.
    package static func text(of object: Object) -> String? {
        object.isNullVersion ? nil : object.version?.description
    }
}
