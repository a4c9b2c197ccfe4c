internal import Identity
internal import NIOCore
internal import NIOSSL

/// The TLS of this network: both sides show a chain, and nothing but its signatures and its node id counts.
///
/// - Source: protocol document 1 §1.6 and §1.7.
enum TLSContexts {
    /// A connection that says farewell waits this long for the answer, which Go peers never send.
    private static let shutdownTimeout = TimeAmount.milliseconds(200)

    /// A server's: asks for a client certificate and names no authorities, or Go clients would send none.
    static func server(_ identity: NodeIdentity) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(identity), privateKey: .privateKey(try key(identity)))
        configuration.certificateVerification = .noHostnameVerification
        return try context(&configuration)
    }

    /// A client's.
    static func client(_ identity: NodeIdentity) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = try chain(identity)
        configuration.privateKey = .privateKey(try key(identity))
        configuration.certificateVerification = .noHostnameVerification
        return try context(&configuration)
    }

    private static func context(_ configuration: inout TLSConfiguration) throws -> NIOSSLContext {
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates([])
        configuration.shutdownTimeout = shutdownTimeout
        return try NIOSSLContext(configuration: configuration)
    }

    /// What a handler keeps of its largest flush, bytes: one flush of ours in TLS records.
    static var outputCapacity: Int { 160 << 10 }

    private static func chain(_ identity: NodeIdentity) throws -> [NIOSSLCertificateSource] {
        try identity.chain.certificates.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) }
    }

    private static func key(_ identity: NodeIdentity) throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: identity.keyDER, format: .der)
    }
}

/// Who is at the other end, once its chain is verified. Used on the connection's event loop only.
final class PeerVerification {
    private(set) var result: Result<PeerIdentity, IdentityError>?

    /// Verifies a presented chain; takes the place of all checks of the TLS library.
    ///
    /// - Parameter check: what must hold besides.
    func verify(
        _ certificates: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>,
        check: (PeerIdentity) throws(IdentityError) -> Void = { _ in }
    ) {
        do throws(IdentityError) {
            var chain: [[UInt8]] = []
            for (index, certificate) in certificates.enumerated() {
                do { chain.append(try certificate.toDERBytes()) } catch { throw .malformedCertificate(index: index) }
            }
            let peer = try PeerIdentity(chain: CertificateChain(certificates: chain))
            try check(peer)
            result = .success(peer)
            promise.succeed(.certificateVerified)
        } catch {
            result = .failure(error)
            promise.succeed(.failed)
        }
    }
}
