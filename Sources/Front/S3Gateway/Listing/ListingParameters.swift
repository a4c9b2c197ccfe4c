import GatewayRecords
import S3Protocol

/// What listings have in common in their queries and answers.
struct ListingParameters {
    let prefix: String
    let delimiter: String?
    /// As asked for; pages have at most 1000.
    let maximum: Int
    let isEncoded: Bool

    /// - Parameter maximumName: `max-keys`, `max-uploads`.
    /// - Throws: `InvalidArgument`.
    init(_ query: QueryItems, maximumName: String = "max-keys") throws(S3Error) {
        prefix = query["prefix"] ?? ""
        delimiter = query["delimiter"].flatMap { $0.isEmpty ? nil : $0 }
        maximum = try Self.count(query[maximumName], name: maximumName)
        switch query["encoding-type"] {
        case nil, "": isEncoded = false
        case "url"?: isEncoded = true
        case let other?:
            throw S3Error(
                .invalidArgument, "Invalid Encoding Method specified in Request",
                details: [.init("ArgumentName", "encoding-type"), .init("ArgumentValue", other)])
        }
        // An extension of other servers: a listing in no order cannot have prefixes.
        if query["allow-unordered"] == "true", delimiter != nil {
            throw S3Error(.invalidArgument, "A listing without order has no delimiter")
        }
    }

    /// How many a page may have.
    var limit: Int { min(maximum, 1000) }

    /// A name as the answer writes it.
    func encoded(_ text: String) -> String {
        isEncoded ? PercentCode.encode(text, keepingSlashes: true) : text
    }

    /// Writes what was asked for.
    ///
    /// - Parameter encodesPrefix: false for the first form of the call, whose clients take the prefix as it is.
    func write(to writer: inout XMLWriter, maximumName: String = "MaxKeys", encodesPrefix: Bool = true) {
        writer.text("Prefix", encodesPrefix ? encoded(prefix) : prefix)
        if let delimiter { writer.text("Delimiter", encoded(delimiter)) }
        writer.number(maximumName, maximum)
        if isEncoded { writer.text("EncodingType", "url") }
    }

    /// Writes prefixes.
    func write(prefixes: [String], to writer: inout XMLWriter) {
        for prefix in prefixes {
            writer.element("CommonPrefixes") { $0.text("Prefix", encoded(prefix)) }
        }
    }

    /// A number of entries, 1000 when it is not said.
    ///
    /// - Throws: `InvalidArgument` for what is no number from 0 to 2³¹ − 1.
    static func count(_ text: String?, name: String) throws(S3Error) -> Int {
        guard let text else { return 1000 }
        guard let count = Int32(text), count >= 0, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw S3Error(
                .invalidArgument, "Provided \(name) not an integer or within integer range",
                details: [.init("ArgumentName", name), .init("ArgumentValue", text)])
        }
        return Int(count)
    }
}

extension XMLWriter {
    /// Whose an object is.
    mutating func owner(_ call: S3Call, name: String = "Owner") {
        element(name) { writer in
            writer.text("ID", call.owner.id)
            writer.text("DisplayName", call.owner.name)
        }
    }
}
