import Contracts
import Installation

extension SettingsValues {
    /// Dollars, as millionths.
    ///
    /// - Throws: `SettingsError.badValue`.
    func dollars(_ key: String) throws -> UInt64 {
        guard let amount = USDAmount(text(key)), amount.micro >= 0 else { throw refusal(of: key, expected: "an amount in dollars such as 1.50") }
        return UInt64(amount.micro)
    }

    /// Tokens.
    ///
    /// - Throws: `SettingsError.badValue`.
    func tokens(_ key: String) throws -> TokenAmount {
        guard let amount = TokenAmount(text(key)) else { throw refusal(of: key, expected: "an amount of STORJ such as 0.5") }
        return amount
    }

    /// Whole seconds.
    func seconds(_ key: String) -> UInt64 { UInt64(clamping: duration(key).components.seconds) }

    /// Thousandths of a percent, from a text such as `12.5`.
    ///
    /// - Throws: `SettingsError.badValue`.
    func thousandthsOfPercent(_ key: String) throws -> UInt32 {
        guard let percent = USDAmount(text(key)), (0...100_000_000).contains(percent.micro), percent.micro % 1000 == 0 else {
            throw refusal(of: key, expected: "a percentage such as 12.5")
        }
        return UInt32(percent.micro / 1000)
    }
}
