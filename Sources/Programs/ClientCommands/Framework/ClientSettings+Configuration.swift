import Installation
package import Uplink

extension ClientSettings {
    /// What the library is told.
    package var configuration: Configuration {
        var configuration = Configuration()
        configuration.userAgent = values.text("user_agent")
        configuration.dialTimeout = values.duration("dial_timeout")
        configuration.passphraseCheck = values.flag("passphrase_check") ? .on : .off
        if let memory { configuration.memoryBudget = Int(memory) }
        configuration.logger = logger
        return configuration
    }
}
