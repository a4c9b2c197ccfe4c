package import StorageModel

/// What a client holds of an object or an upload: opaque to it, and all we need to serve it.
///
/// The same upload always has the same token, since users see it as the upload's id and compare. So it holds only
/// what the upload's row holds, and no time of issue.
/// - Source: protocol document 2 §3.1.
package struct StreamToken: Hashable, Sendable {
    static let format: UInt8 = 1

    package var project: ProjectID
    package var bucketID: Int64
    package var bucketName: [UInt8]
    package var key: [UInt8]
    package var stream: StreamID
    /// The version of a committed object; 0 for an upload.
    package var version: Int64
    /// When the upload began, to the microsecond.
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    package var isMultipart: Bool
    package var placement: Int32
    package var cipher: Int32
    package var blockSize: Int64

    /// The sealed token.
    package func encode(signer: TokenSigner) -> [UInt8] {
        var writer = TokenWriter(capacity: 96 + bucketName.count + key.count)
        write(into: &writer)
        return signer.seal(format: Self.format, body: writer.bytes)
    }

    /// Opens a token of this satellite.
    ///
    /// - Throws: `TokenError`.
    package init(token: [UInt8], signer: TokenSigner) throws(TokenError) {
        var reader = TokenReader(try signer.open(token, format: Self.format))
        guard let value = StreamToken(from: &reader), reader.isAtEnd else { throw .truncated }
        self = value
    }

    func write(into writer: inout TokenWriter) {
        writer.write(fixed: project.bytes)
        writer.write(fixed: stream.bytes)
        writer.write(bucketID)
        writer.write(bucketName)
        writer.write(key)
        writer.write(version)
        writer.write(createdAt.microseconds)
        writer.write(expiresAt)
        writer.write(UInt64(isMultipart ? 1 : 0))
        writer.write(Int64(placement))
        writer.write(Int64(cipher))
        writer.write(blockSize)
    }

    init?(from reader: inout TokenReader) {
        guard let project = reader.fixed(16).flatMap({ ProjectID($0) }),
            let stream = reader.fixed(16).flatMap({ StreamID($0) }),
            let bucketID = reader.signed(), let bucketName = reader.bytes(), let key = reader.bytes(),
            let version = reader.signed(), let createdAt = reader.signed(), let expiresAt = reader.time(),
            let flags = reader.number(), flags < 2,
            let placement = reader.signed().flatMap({ Int32(exactly: $0) }),
            let cipher = reader.signed().flatMap({ Int32(exactly: $0) }),
            let blockSize = reader.signed()
        else { return nil }
        self.init(
            project: project, bucketID: bucketID, bucketName: bucketName, key: key, stream: stream, version: version,
            createdAt: Timestamp(microseconds: createdAt), expiresAt: expiresAt, isMultipart: flags != 0,
            placement: placement, cipher: cipher, blockSize: blockSize)
    }

    /// What the token will say.
    package init(
        project: ProjectID, bucketID: Int64, bucketName: [UInt8], key: [UInt8], stream: StreamID, version: Int64,
        createdAt: Timestamp, expiresAt: Timestamp?, isMultipart: Bool, placement: Int32, cipher: Int32,
        blockSize: Int64
    ) {
        self.project = project
        self.bucketID = bucketID
        self.bucketName = bucketName
        self.key = key
        self.stream = stream
        self.version = version
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.isMultipart = isMultipart
        self.placement = placement
        self.cipher = cipher
        self.blockSize = blockSize
    }
}
