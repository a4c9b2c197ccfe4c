import ArgumentParser

/// `storj completion`.
struct CompletionCommand: ParsableCommand {
    /// The shells there are scripts for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var completion: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a script that lets a shell complete commands, flags and saved grants.",
        discussion: """
            Examples:
              storj completion bash > ~/.local/share/bash-completion/completions/storj
              storj completion zsh > "${fpath[1]}/_storj"
              storj completion fish > ~/.config/fish/completions/storj.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        print(Storj.completionScript(for: shell.completion))
    }
}
