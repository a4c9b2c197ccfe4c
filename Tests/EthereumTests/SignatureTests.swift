import Ethereum
import Foundation
import StorageModel
import TestSupport
import Testing

@Suite struct SignatureTests {
    private let key = Result { try PrivateKey(secret: bytes("46", times: 32)) }

    @Test func `the transaction of EIP-1559 is signed as others sign it`() throws {
        let transaction = Transaction(
            chainID: 1, nonce: 9, maximumTip: UInt256(1_000_000_000), maximumFee: UInt256(30_000_000_000), gasLimit: 21000,
            to: try Address(String(repeating: "35", count: 20)), value: UInt256(1_000_000_000_000_000_000))
        let signed = transaction.signed(by: try key.get())
        #expect(
            Hexadecimal.encode(signed.encoded)
                == "02f8730109843b9aca008506fc23ac00825208943535353535353535353535353535353535353535880de0b6b3a764000080c001a0ad4241a480b4069450d9bd1823a3afb8bd5a697e2135056f13fc85778785a013a0782c2fc38f01d18de96e4f5caeb077484ef6d844f2ce873a475515552460c075"
        )
        #expect(
            Hexadecimal.encode(signed.hash.bytes) == "8a3ff34f002402f5d26a11e21f0efcd1810e189a4ba6555cf013579c8ac06727")
        let read = try SignedTransaction(encoded: signed.encoded)
        #expect(read == signed)
        #expect(try read.sender() == key.get().address)
        #expect(try key.get().address.checksummed == "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")
    }

    @Test func `the signer is found again, and only behind the same digest`() throws {
        let random = RandomSource.seeded(11)
        for _ in 0..<50 {
            let key = PrivateKey.generate(random: random)
            let digest = Keccak256.hash(random.bytes(count: 20))
            let signature = key.sign(digest)
            #expect(try signature.signer(of: digest) == key.publicKey)
            #expect(try Signature(encoded: signature.encoded) == signature)
            let other = try? signature.signer(of: Keccak256.hash(digest.bytes))
            #expect(other != key.publicKey)
        }
    }

    @Test func `the same signature with a high s is refused`() throws {
        let order = try #require(UInt256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
        let digest = Keccak256.hash([1])
        let signature = try key.get().sign(digest)
        let high = Signature(
            r: signature.r, s: order.subtractingReportingOverflow(UInt256(signature.s)).value.bytes32,
            parity: !signature.parity)
        #expect(throws: EthereumError.invalidSignature) { try high.signer(of: digest) }
    }

    @Test func `zeros, overflows and foreign v are refused`() throws {
        let digest = Keccak256.hash([1])
        let signature = try key.get().sign(digest)
        for (r, s) in [(Bytes32(), signature.s), (signature.r, Bytes32()), (UInt256.max.bytes32, signature.s)] {
            let bad = Signature(r: r, s: s, parity: false)
            #expect(throws: EthereumError.invalidSignature) { try bad.signer(of: digest) }
        }
        for v: UInt8 in [0, 1, 26, 29, 255] {
            let bytes = Array(signature.encoded.dropLast()) + [v]
            #expect(throws: EthereumError.invalidSignature) { try Signature(encoded: bytes) }
        }
    }

    @Test func `keys outside the group are refused`() {
        #expect(throws: EthereumError.invalidKey) { try PrivateKey(secret: Bytes32()) }
        #expect(throws: EthereumError.invalidKey) { try PrivateKey(secret: UInt256.max.bytes32) }
    }

    @Test func `public keys of one tree follow with and without the secret`() throws {
        let seed = try #require(Hexadecimal.decode("000102030405060708090a0b0c0d0e0f"))
        let root = try ExtendedPrivateKey(seed: seed)
        let hardened = try #require(root.child(1 << 31))
        // BIP-32, test vector 1.
        let texts = [
            (root, "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"),
            (hardened, "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw"),
            (try #require(hardened.child(1)), "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ"),
        ]
        for (key, text) in texts { #expect(try ExtendedPublicKey(text: text) == key.extendedPublicKey) }
        for index in 0..<20 as Range<UInt32> {
            #expect(hardened.extendedPublicKey.child(index) == hardened.child(index)?.extendedPublicKey)
        }
        #expect(throws: EthereumError.self) { try ExtendedPublicKey(text: "xprv9s21ZrQH143K") }
    }

    @Test func `a key file opens with its password only`() throws {
        let random = RandomSource.seeded(5)
        let file = try KeyFile(try key.get(), password: "correct horse", cost: .light, random: random)
        let read = try KeyFile(json: file.json)
        #expect(try read.open(password: "correct horse").secret == key.get().secret)
        #expect(throws: EthereumError.wrongPassword) { try read.open(password: "battery staple") }
    }

    @Test func `the published key file opens`() throws {
        // Web3 Secret Storage Definition, test vector with scrypt.
        let json = """
            {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
            "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
            "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
            "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
            "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
            "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
            """
        let key = try KeyFile(json: Data(json.utf8)).open(password: "testpassword")
        #expect(
            Hexadecimal.encode(key.secret.bytes) == "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")
    }
}

private func bytes(_ pair: String, times: Int) throws -> Bytes32 {
    try #require(Hexadecimal.decode(String(repeating: pair, count: times)).flatMap { Bytes32($0) })
}
