import Crypto
import Foundation
package import HTTPTypes

/// A checksum of an object or part.
package struct ObjectChecksum: Hashable, Sendable {
    package let algorithm: ChecksumAlgorithm
    /// `algorithm.length` bytes, a cyclic code's most significant byte first.
    package let bytes: [UInt8]
    /// Of a composite one, how many parts' digests it covers.
    package let partCount: Int?

    /// - Precondition: `bytes` are as many as the algorithm has.
    package init(algorithm: ChecksumAlgorithm, bytes: [UInt8], partCount: Int? = nil) {
        precondition(bytes.count == algorithm.length, "a checksum has its algorithm's length")
        self.algorithm = algorithm
        self.bytes = bytes
        self.partCount = partCount
    }

    /// Parses base64, behind a composite one with "-" and the number of parts; nil for anything else.
    package init?(algorithm: ChecksumAlgorithm, text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let data = Data(base64Encoded: String(parts[0])), data.count == algorithm.length else {
            return nil
        }
        var partCount: Int?
        if parts.count == 2 {
            guard let count = Int(parts[1]), (1...10_000).contains(count) else { return nil }
            partCount = count
        }
        self.init(algorithm: algorithm, bytes: Array(data), partCount: partCount)
    }

    package var type: ChecksumType { partCount == nil ? .fullObject : .composite }

    /// As headers and documents have it.
    package var text: String {
        Data(bytes).base64EncodedString() + (partCount.map { "-\($0)" } ?? "")
    }

    /// The checksum of parts' checksums; nil when they are not all of one algorithm, or none.
    package static func composite(_ parts: [ObjectChecksum]) -> ObjectChecksum? {
        guard let algorithm = parts.first?.algorithm, parts.allSatisfy({ $0.algorithm == algorithm }) else { return nil }
        var hasher = ChecksumHasher(algorithm)
        for part in parts { part.bytes.withUnsafeBytes { hasher.update($0) } }
        return ObjectChecksum(algorithm: algorithm, bytes: hasher.finish(), partCount: parts.count)
    }

    /// The checksum of the whole from its parts' checksums and lengths in bytes; nil when they are not all of one
    /// algorithm that can, or none.
    package static func combined(_ parts: [(checksum: ObjectChecksum, length: Int64)]) -> ObjectChecksum? {
        guard let first = parts.first?.checksum, first.algorithm.isCombinable,
            parts.allSatisfy({ $0.checksum.algorithm == first.algorithm && $0.length >= 0 }),
            let code = CyclicCode(first.algorithm)
        else { return nil }
        var whole = CyclicCode.number(first.bytes)
        for part in parts.dropFirst() {
            whole = code.combine(whole, CyclicCode.number(part.checksum.bytes), length: UInt64(part.length))
        }
        return ObjectChecksum(algorithm: first.algorithm, bytes: CyclicCode.bytes(whole, count: first.algorithm.length))
    }

    /// The one that a request's headers declare, if any.
    ///
    /// - Throws: `InvalidRequest` for two of them, `BadDigest` for one that is no checksum.
    package static func declared(in headers: HTTPFields) throws(S3Error) -> ObjectChecksum? {
        var found: ObjectChecksum?
        for algorithm in ChecksumAlgorithm.allCases {
            guard let text = headers[algorithm.headerName] else { continue }
            guard found == nil else {
                throw S3Error(
                    .invalidRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
            }
            guard let checksum = ObjectChecksum(algorithm: algorithm, text: text) else {
                throw S3Error(.badDigest, "Value for \(algorithm.headerName.canonicalName) header is invalid.")
            }
            found = checksum
        }
        return found
    }
}
