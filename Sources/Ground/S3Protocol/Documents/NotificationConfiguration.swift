import XML

/// Who wants to be told of what happens in a bucket.
///
/// - Source: Amazon S3 API reference, "NotificationConfiguration".
package struct NotificationConfiguration: Sendable, Hashable {
    /// S3 takes no more.
    package static let maximumCount = 100

    package enum Kind: String, CaseIterable, Sendable {
        case topic = "Topic"
        case queue = "Queue"
    }

    package struct Target: Sendable, Hashable {
        package let kind: Kind
        package let id: String
        package let arn: String
        /// `s3:ObjectCreated:*`.
        package let events: [String]
        package let prefix: String?
        package let suffix: String?

        /// Whether a key is one it wants to hear of.
        package func wants(key: String) -> Bool { key.hasPrefix(prefix ?? "") && key.hasSuffix(suffix ?? "") }
    }

    package let targets: [Target]

    /// - Parameter makeID: a fresh id for one that has none.
    /// - Throws: `MalformedXML`, `InvalidArgument`, `NotImplemented` for functions and event bridges.
    package init(xml bytes: [UInt8], makeID: () -> String) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "NotificationConfiguration")
        guard root.all("CloudFunctionConfiguration").isEmpty, root.all("EventBridgeConfiguration").isEmpty else {
            throw S3Error(.notImplemented, "Events go to webhooks, named as topics or queues")
        }
        var (targets, ids): ([Target], Set<String>) = ([], [])
        for kind in Kind.allCases {
            for element in root.all("\(kind.rawValue)Configuration") {
                let target = try Self.target(element, kind, makeID: makeID)
                guard ids.insert(target.id).inserted, targets.count < Self.maximumCount else {
                    throw S3Error(.invalidArgument, "Configuration IDs must be unique, and at most 100")
                }
                targets.append(target)
            }
        }
        self.targets = targets
    }

    private static func target(
        _ element: XMLElement, _ kind: Kind, makeID: () -> String
    ) throws(S3Error) -> Target {
        let id = try element.one("Id")?.value ?? ""
        guard id.utf8.count <= 255 else { throw S3Error(.invalidArgument, "The Id is too long") }
        var (prefix, suffix): (String?, String?)
        for rule in try element.one("Filter")?.one("S3Key")?.all("FilterRule") ?? [] {
            let value = try rule.required("Value").text
            switch try rule.required("Name").value.lowercased() {
            case "prefix" where prefix == nil: prefix = value
            case "suffix" where suffix == nil: suffix = value
            default: throw S3Error(.invalidArgument, "filter rule name must be either prefix or suffix")
            }
        }
        let events = element.all("Event").map(\.value)
        guard !events.isEmpty else { throw S3Error(.malformedXML) }
        return Target(
            kind: kind, id: id.isEmpty ? makeID() : id, arn: try element.required(kind.rawValue).value, events: events,
            prefix: prefix, suffix: suffix)
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("NotificationConfiguration") { writer in
            for target in targets {
                writer.element("\(target.kind.rawValue)Configuration") { target.write(to: &$0) }
            }
        }
    }
}

extension NotificationConfiguration.Target {
    fileprivate func write(to writer: inout XMLWriter) {
        writer.text("Id", id)
        writer.text(kind.rawValue, arn)
        for event in events { writer.text("Event", event) }
        guard prefix != nil || suffix != nil else { return }
        writer.element("Filter") { writer in
            writer.element("S3Key") { writer in
                for (name, value) in [("Prefix", prefix), ("Suffix", suffix)] {
                    guard let value else { continue }
                    writer.element("FilterRule") { writer in
                        writer.text("Name", name)
                        writer.text("Value", value)
                    }
                }
            }
        }
    }
}
