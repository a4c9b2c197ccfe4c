import Foundation

/// Completes names of saved grants for the shell.
enum AccessCompletion {
    /// The saved names, as the shell asks for them; none when the store cannot be read.
    @Sendable static func names(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        do {
            let environment = CommandEnvironment.process
            let folder = try ClientFolder.url(flag: flag(in: words), environment: environment)
            return try AccessStore(folder: folder).read().accesses.keys.sorted()
        } catch {
            // A completion has nobody to tell; the command itself will say it.
            return []
        }
    }

    private static func flag(in words: [String]) -> String? {
        guard let index = words.firstIndex(of: "--config-dir"), words.indices.contains(index + 1) else { return nil }
        return words[index + 1]
    }
}
