package import StorageModel

/// The text of access key ids and secrets: base32 as this network's tools write it.
package enum CredentialText {
    /// Characters of a drawn access key id: 140 random bits, which also seal the grant.
    package static let accessKeyIDLength = 28
    /// Characters of a drawn secret.
    package static let secretKeyLength = 53
    /// Characters of one that was chosen by hand.
    package static let chosenLengths = 16...128

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// Draws an access key id. It begins with a `j`, which tells it from the ids of other services.
    package static func accessKeyID(_ random: RandomSource) -> String {
        "j" + text(count: accessKeyIDLength - 1, random)
    }

    /// Draws a secret; `j` in front for the same reason.
    package static func secretKey(_ random: RandomSource) -> String {
        "j" + text(count: secretKeyLength - 1, random)
    }

    /// - Throws: `GatewayRecordsError.unusableCredential`.
    package static func validate(accessKeyID: String) throws {
        guard chosenLengths.contains(accessKeyID.utf8.count), accessKeyID.utf8.allSatisfy(isNameCharacter) else {
            throw GatewayRecordsError.unusableCredential(
                "an access key id has 16 to 128 letters, digits, hyphens or underscores")
        }
    }

    /// - Throws: `GatewayRecordsError.unusableCredential`.
    package static func validate(secretKey: String) throws {
        guard chosenLengths.contains(secretKey.utf8.count), secretKey.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw GatewayRecordsError.unusableCredential("a secret key has 16 to 128 visible ASCII characters")
        }
    }

    private static func text(count: Int, _ random: RandomSource) -> String {
        String(decoding: random.bytes(count: count).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
