import Crypto
import Identity
import StorageModel

extension Benchmark {
    /// Signatures: an order limit costs the satellite one, a piece costs a node one and two verifications.
    static var identity: [Benchmark] {
        [
            Benchmark(name: "p-256 sign", unit: "/s on a core", ceiling: "40000 swift-crypto") { scale in
                let identity = NodeIdentity.generate(random: .system)
                let message = input(300)
                let count = scale == .real ? 2000 : 1
                var signature: [UInt8] = []
                let seconds = Stopwatch.threadCPU.best(of: scale == .real ? 3 : 1) {
                    for _ in 0..<count { signature = identity.sign(message) }
                }
                // Signatures are random: what can be compared is whether they hold.
                let holds = identity.peer.isValidSignature(signature, for: message)
                return Result(figure: Double(count) / seconds, digest: "\(holds)")
            },
            Benchmark(name: "p-256 verify", unit: "/s on a core", ceiling: "15400 swift-crypto") { scale in
                let identity = NodeIdentity.generate(random: .system)
                let message = input(300)
                let signature = identity.sign(message)
                let count = scale == .real ? 1000 : 1
                var holds = true
                let seconds = Stopwatch.threadCPU.best(of: scale == .real ? 3 : 1) {
                    for _ in 0..<count { holds = holds && identity.peer.isValidSignature(signature, for: message) }
                }
                return Result(figure: Double(count) / seconds, digest: "\(holds)")
            },
            Benchmark(name: "ed25519 verify", unit: "/s on a core", ceiling: "11200 swift-crypto") { scale in
                let message = input(300)
                let key = try Curve25519.Signing.PrivateKey(rawRepresentation: input(32))
                let signature = try key.signature(for: message)
                let count = scale == .real ? 1000 : 1
                var holds = true
                let seconds = Stopwatch.threadCPU.best(of: scale == .real ? 3 : 1) {
                    for _ in 0..<count { holds = holds && key.publicKey.isValidSignature(signature, for: message) }
                }
                return Result(figure: Double(count) / seconds, digest: "\(holds)")
            },
        ]
    }
}
