import ArgumentParser
import Foundation
import Identity
import Installation
import StorageModel

/// `storj identity`.
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Make and inspect identities.",
        subcommands: [Create.self, Show.self])

    /// `storj identity create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Search for an identity of a given difficulty and write its four PEM files.",
            discussion: """
                Every additional bit of difficulty doubles the expected work; 36 is what production satellites of the
                public network ask of new nodes.

                Example:
                  storj identity create --dir node --difficulty 20
                """)

        @Option(name: .customLong("dir"), help: "Where to write the files.", completion: .directory)
        var folder: String

        @Option(help: "Trailing zero bits of the id, in 8…256.")
        var difficulty = 36

        @Option(help: "Tasks that search side by side.")
        var tasks = ProcessInfo.processInfo.activeProcessorCount

        func validate() throws {
            guard (8...256).contains(difficulty) else { throw ValidationError("--difficulty lies in 8…256") }
        }

        func run() async throws {
            try await ServerRun.report {
                let expected = difficulty > 62 ? Double.infinity : Double(1 << (difficulty - 8))
                let showsProgress = isatty(STDERR_FILENO) == 1
                let identity = try await IdentityFiles.create(
                    in: URL(filePath: folder), difficulty: difficulty, tasks: tasks, random: .system
                ) { tried in
                    guard showsProgress else { return }
                    FileHandle.standardError.write(Data("\r\(tried) keys tried, about \(Int(min(expected, 1e18))) expected".utf8))
                }
                if showsProgress { FileHandle.standardError.write(Data("\n".utf8)) }
                print(identity.id)
            }
        }
    }

    /// `storj identity show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the node id of a folder and its difficulty.")

        @Option(name: .customLong("dir"), help: "The folder with identity.cert and identity.key.", completion: .directory)
        var folder: String

        func run() async throws {
            try await ServerRun.report {
                let identity = try IdentityFiles.load(from: URL(filePath: folder))
                print("\(identity.id) difficulty \(identity.id.difficulty)")
            }
        }
    }
}
