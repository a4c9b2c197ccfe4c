internal import SwiftASN1

/// One X.509 extension as it stands in a certificate, and the identifiers this network knows.
///
/// - Source: protocol document 1 §1.1.
struct CertificateExtension: DERParseable {
    static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
    static let basicConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
    /// Storj's: one raw byte, 0, not wrapped in ASN.1.
    static let identityVersion: ASN1ObjectIdentifier = [2, 999, 2, 1]

    let identifier: ASN1ObjectIdentifier
    let value: ArraySlice<UInt8>

    init(derEncoded node: ASN1Node) throws {
        (identifier, value) = try DER.sequence(node, identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            _ = try DER.decodeDefault(&nodes, defaultValue: false)
            return (identifier, try ASN1OctetString(derEncoded: &nodes).bytes)
        }
    }

    /// Reads BasicConstraints: whether the subject is an authority.
    static func isAuthority(_ value: ArraySlice<UInt8>) throws -> Bool {
        try DER.sequence(DER.parse(value), identifier: .sequence) { nodes in
            let isAuthority = try DER.decodeDefault(&nodes, defaultValue: false)
            // A path length may follow; nobody checks it.
            _ = nodes.next()
            return isAuthority
        }
    }
}
