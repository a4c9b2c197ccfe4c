/// Why settings cannot be used; each case names the setting and the place it came from.
package enum SettingsError: Error, Equatable, CustomStringConvertible {
    /// The file cannot be read, with the system's reason.
    case unreadableFile(path: String, reason: String)
    /// The file is not a JSON object.
    case notAnObject(path: String)
    /// The file or the command line names a setting that does not exist.
    case unknownKey(key: String, origin: String)
    /// The text does not fit the setting's kind.
    case badValue(key: String, text: String, origin: String, expected: String)

    package var description: String {
        switch self {
        case .unreadableFile(let path, let reason): "settings file \(path) cannot be read: \(reason)"
        case .notAnObject(let path): "settings file \(path) is not a JSON object"
        case .unknownKey(let key, let origin): "there is no setting \"\(key)\" (named by \(origin))"
        case .badValue(let key, let text, let origin, let expected):
            "setting \"\(key)\" is \"\(text)\" (from \(origin)), which is not \(expected)"
        }
    }
}
