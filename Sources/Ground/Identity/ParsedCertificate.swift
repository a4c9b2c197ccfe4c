internal import Crypto
internal import SwiftASN1

/// What verification needs of one certificate.
///
/// Dates, names and host names are not looked at: no peer of this network checks them.
/// - Source: protocol document 1 §1.6.
struct ParsedCertificate {
    /// The bytes the signature covers, exactly as received.
    let signedBytes: ArraySlice<UInt8>
    /// The signature, ECDSA in DER.
    let signature: ArraySlice<UInt8>
    /// The SubjectPublicKeyInfo, exactly 91 bytes.
    let publicKeyInfo: ArraySlice<UInt8>
    /// The key in it.
    let publicKey: P256.Signing.PublicKey
    /// Whether X.509 lets the subject sign other certificates.
    let mayIssue: Bool

    /// Parses certificate `index` of a chain.
    init(_ bytes: [UInt8], index: Int) throws(IdentityError) {
        let fields: Fields
        do { fields = try Fields(bytes) } catch { throw .malformedCertificate(index: index) }
        guard let key = P256.Signing.PublicKey(subjectPublicKeyInfo: fields.publicKeyInfo) else {
            throw .unsupportedKey(index: index)
        }
        if let version = fields.value(of: CertificateExtension.identityVersion), version.first != 0 {
            throw .unsupportedVersion(index: index)
        }
        do { mayIssue = try fields.mayIssue } catch { throw .malformedCertificate(index: index) }
        signedBytes = fields.signedBytes
        signature = fields.signature
        publicKeyInfo = fields.publicKeyInfo
        publicKey = key
    }

    /// Whether `issuer` signed this certificate: always ECDSA over SHA-256, whatever the certificate says.
    func isSigned(by issuer: ParsedCertificate) -> Bool {
        issuer.publicKey.isValid(signature, for: signedBytes)
    }
}

/// The fields of a certificate before their rules are applied.
private struct Fields {
    var signedBytes: ArraySlice<UInt8>
    var signature: ArraySlice<UInt8>
    var publicKeyInfo: ArraySlice<UInt8>
    var version = 1
    var extensions: [(identifier: ASN1ObjectIdentifier, value: ArraySlice<UInt8>)] = []

    init(_ bytes: [UInt8]) throws {
        let parts = try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
            let parts = (try nodes.take(), try nodes.take(), try nodes.take())
            return parts
        }
        signedBytes = parts.0.encodedBytes
        signature = try ASN1BitString(derEncoded: parts.2).bytes
        publicKeyInfo = []
        try DER.sequence(parts.0, identifier: .sequence) { nodes in try parse(&nodes) }
    }

    /// TBSCertificate: version, serial, algorithm, issuer, validity, subject, key, identifiers, extensions.
    private mutating func parse(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        var node = try nodes.take()
        if node.identifier.tagClass == .contextSpecific {
            version = try 1 + Int(DER.explicit(node, as: Int.self))
            node = try nodes.take()
        }
        guard node.identifier == .integer else { throw ASN1Error.unexpectedFieldType(node.identifier) }
        for _ in 0..<4 {
            guard try nodes.take().identifier == .sequence else { throw ASN1Error.unexpectedFieldType(node.identifier) }
        }
        publicKeyInfo = try nodes.take().encodedBytes
        while let node = nodes.next() {
            guard node.identifier.tagClass == .contextSpecific else {
                throw ASN1Error.unexpectedFieldType(node.identifier)
            }
            if node.identifier.tagNumber == 3 { try parse(extensions: node) }
        }
    }

    private mutating func parse(extensions node: ASN1Node) throws {
        guard case .constructed(let children) = node.content else {
            throw ASN1Error.unexpectedFieldType(node.identifier)
        }
        var iterator = children.makeIterator()
        let list = try DER.sequence(of: CertificateExtension.self, identifier: .sequence, rootNode: iterator.take())
        extensions = list.map { ($0.identifier, $0.value) }
    }

    func value(of identifier: ASN1ObjectIdentifier) -> ArraySlice<UInt8>? {
        extensions.first { $0.identifier == identifier }?.value
    }

    /// A version 3 issuer must say that it is an authority; a key usage, when present, must include signing.
    var mayIssue: Bool {
        get throws {
            if let constraints = value(of: CertificateExtension.basicConstraints) {
                guard try CertificateExtension.isAuthority(constraints) else { return false }
            } else if version == 3 {
                return false
            }
            guard let usage = value(of: CertificateExtension.keyUsage) else { return true }
            let keyCertSign: UInt8 = 0x04
            return try (ASN1BitString(derEncoded: Array(usage)).bytes.first ?? 0) & keyCertSign != 0
        }
    }
}

extension ASN1NodeCollection.Iterator {
    /// The next node, which must be there.
    fileprivate mutating func take() throws -> ASN1Node {
        guard let node = next() else { throw ASN1Error.invalidASN1Object(reason: "a field is missing") }
        return node
    }
}

extension DER {
    /// The one value inside an explicit tag.
    fileprivate static func explicit<Value: DERParseable>(_ node: ASN1Node, as type: Value.Type) throws -> Value {
        guard case .constructed(let children) = node.content else {
            throw ASN1Error.unexpectedFieldType(node.identifier)
        }
        var iterator = children.makeIterator()
        return try Value(derEncoded: iterator.take())
    }
}
