extension ClientProgram {
    /// Flags that other tools of this network take with `=true` and `=false`, and what says `=false` here.
    private static let flagsWithValues: [String: String?] = [
        "--readonly": "--full", "--writeonly": nil, "--disallow-reads": "--allow-reads",
        "--disallow-writes": "--allow-writes", "--disallow-lists": "--allow-lists",
        "--disallow-deletes": "--allow-deletes", "--progress": "--no-progress", "--recursive": nil, "--pending": nil,
        "--encrypted": nil, "--force": nil, "--dry-run": nil, "--expanded": nil, "--all-versions": nil, "--utc": nil,
    ]

    /// The arguments with `--flag=true` and `--flag=false` in the form that this program parses; what follows `--` stays.
    package static func normalized(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        let flags = arguments[..<end].compactMap { argument -> String? in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let negation = flagsWithValues[String(parts[0])] else { return argument }
            switch parts[1] {
            case "true": return String(parts[0])
            case "false": return negation
            default: return argument
            }
        }
        return flags + arguments[end...]
    }
}
