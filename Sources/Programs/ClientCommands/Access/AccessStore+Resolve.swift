package import Uplink

extension AccessStore {
    /// The grant that a text names or is, or the saved default for nil.
    ///
    /// - Throws: `CommandFailure` when there is none; a grant's own text is never repeated.
    package func resolve(_ text: String?) throws -> Access {
        guard let text else { return try defaultAccess() }
        guard let name = AccessName(text) else { return try Self.parse(text, what: "the access grant") }
        let content = try read()
        guard let saved = content.accesses[name.description] else {
            throw CommandFailure(
                .denied, "there is no saved grant \"\(name)\", and it is not an access grant itself",
                advice: content.accesses.isEmpty
                    ? "No grants are saved; storj access create --save \(name) makes one"
                    : "Saved grants: \(content.accesses.keys.sorted().joined(separator: ", "))")
        }
        return try Self.parse(saved, what: "the saved grant \"\(name)\"")
    }

    private func defaultAccess() throws -> Access {
        let content = try read()
        guard let name = content.default, let saved = content.accesses[name] else {
            throw CommandFailure(
                .denied, content.accesses.isEmpty ? "no access grant" : "no access grant is chosen as the default",
                advice: content.accesses.isEmpty
                    ? "Give --access, set STORJ_ACCESS, or save one: storj access create --save NAME, storj access save NAME"
                    : "Give --access NAME, or choose one: storj access use NAME")
        }
        return try Self.parse(saved, what: "the saved grant \"\(name)\"")
    }

    /// Reads a grant; `what` says where it came from.
    static func parse(_ text: String, what: String) throws -> Access {
        do { return try Access(text.filter { !$0.isWhitespace }) } catch {
            throw CommandFailure(
                ExitStatus(error), "\(what) is not one: \(error.message)",
                advice: "A grant is one long word; check that it was copied whole")
        }
    }
}
