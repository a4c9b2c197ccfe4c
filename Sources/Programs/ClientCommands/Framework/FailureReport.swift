import ArgumentParser
import Installation
import Uplink

/// How a failure is shown: to people as a line or two, to programs as an object.
package struct FailureReport: Encodable, Equatable {
    /// The name of the kind of failure, stable: one of the library's codes, or the status's name.
    let error: String
    /// What happened.
    let message: String
    /// What to do about it.
    let advice: String
    /// What the shell learns.
    package let status: ExitStatus

    enum CodingKeys: CodingKey {
        case error, message, advice
    }

    /// Describes any error a command can end with.
    ///
    /// - Parameter helpCommand: whose `--help` to point to when the command line is wrong.
    package init(_ failure: any Error, helpCommand: String) {
        switch failure {
        case let failure as UplinkError:
            let advice = failure.code == .wrongPassphrase ? Self.passphraseAdvice : failure.advice
            self.init(failure.code.rawValue, failure.message, advice, ExitStatus(failure))
        case let failure as CommandFailure:
            self.init(failure.status.name, failure.message, failure.advice, failure.status)
        case let failure as ValidationError:
            self.init(ExitStatus.usage.name, failure.message, "See storj \(helpCommand) --help", .usage)
        case let failure as SettingsError:
            self.init(ExitStatus.settings.name, failure.description, "", .settings)
        case is CancellationError:
            self.init(ExitStatus.interrupted.name, "interrupted", "", .interrupted)
        default:
            self.init(ExitStatus.failure.name, "\(failure)", "", .failure)
        }
    }

    private static let passphraseAdvice = """
        Use the grant or the passphrase the data was stored with; who mixes passphrases on purpose sets \
        STORJ_PASSPHRASE_CHECK=false
        """

    private init(_ error: String, _ message: String, _ advice: String, _ status: ExitStatus) {
        self.error = error
        self.message = message
        self.advice = advice
        self.status = status
    }

    /// The lines for people.
    package var lines: [String] {
        let first = "storj: \(message.printable)"
        return advice.isEmpty ? [first] : [first, "       \(advice.printable)"]
    }
}
