/// What trying keys on stored objects showed.
struct PassphraseEvidence: Hashable, Sendable {
    private(set) var successCount = 0
    private(set) var failureCount = 0

    /// Counts one object: whether it decrypts, or nil when it says nothing.
    mutating func note(_ isDecryptable: Bool?) {
        switch isDecryptable {
        case true: successCount += 1
        case false: failureCount += 1
        default: break
        }
    }

    /// Whether the passphrase is wrong as far as can be seen: something was tried and nothing decrypts.
    var isConclusive: Bool { successCount == 0 && failureCount > 0 }
}
