package import HTTPTypes

/// What a write asks of encryption on the server.
///
/// Everything is encrypted with AES-256-GCM before it leaves the gateway, asked or not, so `managed` changes nothing but
/// what answers say. A customer's key encrypts the content once more, inside.
package enum RequestedEncryption: Hashable, Sendable {
    case none
    /// SSE-S3: `x-amz-server-side-encryption: AES256`.
    case managed
    /// SSE-C.
    case customer(CustomerKey)

    static let managedName = AmazonHeader.name("x-amz-server-side-encryption")
    static let customerPrefix = "x-amz-server-side-encryption-customer"
    private static let keyManagementNames = ["-aws-kms-key-id", "-context", "-bucket-key-enabled"]
        .map { AmazonHeader.name("x-amz-server-side-encryption" + $0) }

    /// - Throws: `NotImplemented` for a key management service's keys, `InvalidArgument`, and as `CustomerKey.parse`.
    package static func parse(_ headers: HTTPFields) throws(S3Error) -> RequestedEncryption {
        let customer = try CustomerKey.parse(headers, prefix: customerPrefix)
        guard let managed = headers[managedName] else {
            guard !keyManagementNames.contains(where: { headers.contains($0) }) else {
                throw S3Error(
                    .invalidArgument, "x-amz-server-side-encryption header is not supported for this operation.")
            }
            return customer.map(RequestedEncryption.customer) ?? .none
        }
        guard customer == nil else {
            throw S3Error(
                .invalidArgument, "Server Side Encryption with Customer provided key is incompatible with the encryption "
                    + "method specified")
        }
        switch managed {
        case "AES256": break
        case "aws:kms", "aws:kms:dsse", "aws:fsx":
            throw S3Error(.notImplemented, "Encryption with keys of a key management service is not supported")
        default:
            throw S3Error(.invalidArgument, "The encryption method specified is not supported")
        }
        guard !keyManagementNames.contains(where: { headers.contains($0) }) else {
            throw S3Error(.invalidArgument, "Keys of a key management service are incompatible with AES256")
        }
        return .managed
    }

    /// The key of a copy's source; nil without.
    ///
    /// - Throws: as `CustomerKey.parse`.
    package static func parseCopySource(_ headers: HTTPFields) throws(S3Error) -> CustomerKey? {
        try CustomerKey.parse(headers, prefix: "x-amz-copy-source-server-side-encryption-customer")
    }

    /// The key a read brings; nil without.
    ///
    /// - Throws: as `CustomerKey.parse`; `InvalidArgument` for the headers of a write, which a read may not carry.
    package static func parseRead(_ headers: HTTPFields) throws(S3Error) -> CustomerKey? {
        guard !headers.contains(managedName) else {
            throw S3Error(
                .invalidArgument, "x-amz-server-side-encryption header is not supported for this operation.")
        }
        return try CustomerKey.parse(headers, prefix: customerPrefix)
    }

    /// The key, if it is a customer's.
    package var customerKey: CustomerKey? {
        if case .customer(let key) = self { key } else { nil }
    }

    /// The headers of an answer about an object stored so.
    package var responseHeaders: HTTPFields {
        switch self {
        case .none: [:]
        case .managed: [Self.managedName: "AES256"]
        case .customer(let key): key.responseHeaders
        }
    }
}
