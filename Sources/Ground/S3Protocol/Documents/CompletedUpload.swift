import XML

/// The parts of which an upload is put together.
///
/// - Source: Amazon S3 API reference, "CompleteMultipartUpload".
package struct CompletedUpload: Sendable, Hashable {
    /// S3 takes no more parts.
    package static let maximumCount = 10_000

    package struct Part: Sendable, Hashable {
        /// In 1...10000.
        package let number: Int
        /// As the client wrote it, quotes dropped.
        package let entityTag: String
        /// Checksums the client says the part has: base64.
        package let checksums: [ChecksumAlgorithm: String]
    }

    package let parts: [Part]

    /// - Throws: `MalformedXML`, `InvalidArgument` for a part's number, `InvalidPartOrder`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "CompleteMultipartUpload")
        let elements = root.all("Part")
        guard (1...Self.maximumCount).contains(elements.count) else { throw S3Error(.malformedXML) }
        var parts: [Part] = []
        for element in elements {
            guard let number = try element.number("PartNumber") else { throw S3Error(.malformedXML) }
            guard (1...Int64(Self.maximumCount)).contains(number) else {
                throw S3Error(.invalidArgument, "PartNumber must be >= 1 and <= \(Self.maximumCount)")
            }
            var checksums: [ChecksumAlgorithm: String] = [:]
            for algorithm in ChecksumAlgorithm.allCases {
                checksums[algorithm] = try element.one("Checksum\(algorithm.rawValue)")?.value
            }
            let tag = try element.required("ETag").value.filter { $0 != "\"" }
            // A part that was sent twice may be named twice: the last one counts.
            if parts.last?.number == Int(number) { parts.removeLast() }
            parts.append(Part(number: Int(number), entityTag: tag, checksums: checksums))
        }
        guard zip(parts, parts.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
            throw S3Error(.invalidPartOrder)
        }
        self.parts = parts
    }
}
