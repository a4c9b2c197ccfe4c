internal import SwiftASN1

/// The certificates of a peer in DER, leaf first, then the authority that names the node, then its optional parents.
///
/// Only the number and the size of the certificates are checked here; `PeerIdentity` verifies what they say.
/// - Source: protocol document 1 §1.1 and §1.4.
package struct CertificateChain: Hashable, Sendable {
    /// How many certificates a chain has. Upstream makes two, three with a co-signed authority.
    package static let countRange = 2...8
    /// The most bytes all certificates of a chain have together; the usual pair has about 730.
    package static let maximumByteCount = 32 * 1024

    /// The certificates in DER, leaf first.
    package let certificates: [[UInt8]]

    /// A chain of certificates in DER, leaf first.
    ///
    /// - Throws: `wrongCertificateCount`, `chainTooLong`.
    package init(certificates: [[UInt8]]) throws(IdentityError) {
        guard Self.countRange.contains(certificates.count) else { throw .wrongCertificateCount(certificates.count) }
        let size = certificates.reduce(0) { $0 + $1.count }
        guard size <= Self.maximumByteCount else { throw .chainTooLong(size) }
        self.certificates = certificates
    }

    /// Splits the form in which messages carry an identity: the certificates one after another.
    ///
    /// - Throws: `malformedCertificate`, `wrongCertificateCount`, `chainTooLong`.
    package init(concatenated bytes: [UInt8]) throws(IdentityError) {
        guard bytes.count <= Self.maximumByteCount else { throw .chainTooLong(bytes.count) }
        var certificates: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard certificates.count < Self.countRange.upperBound else {
                throw .wrongCertificateCount(certificates.count + 1)
            }
            guard let size = Self.sequenceSize(rest), size <= rest.count else {
                throw .malformedCertificate(index: certificates.count)
            }
            certificates.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        try self.init(certificates: certificates)
    }

    /// Reads a file such as `identity.cert`.
    ///
    /// - Throws: `malformedPEM`, `wrongCertificateCount`, `chainTooLong`.
    package init(pem: String) throws(IdentityError) {
        // Base64 needs four characters for three bytes; the rest allows for line ends, markers and comments.
        guard pem.utf8.count <= 2 * Self.maximumByteCount else { throw .chainTooLong(pem.utf8.count) }
        try self.init(certificates: Self.blocks(pem))
    }

    /// The certificates one after another.
    package var concatenated: [UInt8] { Array(certificates.joined()) }

    /// The certificates as PEM blocks, as `identity.cert` and `ca.cert` hold them.
    package var pem: String { Self.pem(certificates) }

    static func pem(_ certificates: [[UInt8]]) -> String {
        certificates.map { PEMDocument(type: "CERTIFICATE", derBytes: $0).pemString + "\n" }.joined()
    }

    /// The certificates of a text, at least one.
    static func blocks(_ pem: String) throws(IdentityError) -> [[UInt8]] {
        do {
            let documents = try PEMDocument.parseMultiple(pemString: pem).filter { $0.discriminator == "CERTIFICATE" }
            if !documents.isEmpty { return documents.map(\.derBytes) }
        } catch {
            throw .malformedPEM
        }
        throw .malformedPEM
    }

    /// The size of the DER SEQUENCE at the start of `bytes`, header included; nil when there is none.
    private static func sequenceSize(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 2, bytes.first == 0x30 else { return nil }
        let header = Array(bytes.prefix(5))
        switch header[1] {
        case 0..<0x80: return 2 + Int(header[1])
        case 0x81: return header.count > 2 ? 3 + Int(header[2]) : nil
        case 0x82: return header.count > 3 ? 4 + Int(header[2]) << 8 + Int(header[3]) : nil
        // Three bytes of length would exceed every chain we accept.
        default: return nil
        }
    }
}
