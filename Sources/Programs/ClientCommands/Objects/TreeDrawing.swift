/// Draws a tree line by line with box-drawing characters, or prints one JSON object an entry.
package struct TreeDrawing {
    private struct Row: Encodable {
        let kind: String
        let bucket: String
        let key: String?
        let size: Int64?
        let depth: Int
    }

    private let output: CommandOutput
    private let isJSON: Bool
    /// What stands before an entry for each folder around it.
    private var indents: [String] = []
    private var folderCount = 0
    private var objectCount = 0
    private var bytes: Int64 = 0

    package init(output: CommandOutput, isJSON: Bool) {
        self.output = output
        self.isJSON = isJSON
    }

    /// The tree's root.
    package func root(_ place: RemotePath) throws {
        if !isJSON { try output.line(place.description.printable) }
    }

    /// An object, or a folder when it has no size.
    package mutating func entry(_ place: RemotePath, name: String, size: Int64?, isLast: Bool) throws {
        if let size {
            objectCount += 1
            let sum = bytes.addingReportingOverflow(max(0, size))
            bytes = sum.overflow ? .max : sum.partialValue
        } else {
            folderCount += 1
        }
        guard !isJSON else {
            let kind: ListRow.Kind = place.isBucket ? .bucket : size == nil ? .prefix : .object
            return try output.json(
                Row(
                    kind: kind.rawValue, bucket: place.bucket, key: place.isBucket ? nil : place.key, size: size,
                    depth: indents.count + 1))
        }
        let branch = isLast ? "└── " : "├── "
        let suffix = size.map { "  [\(SizeText.human($0))]" } ?? ""
        try output.line(indents.joined() + branch + name.printable + suffix)
    }

    /// What follows is inside the last entry.
    package mutating func enter(isLast: Bool) { indents.append(isLast ? "    " : "│   ") }

    /// What follows is beside the folder again.
    package mutating func leave() { indents.removeLast() }

    /// The last line.
    package func finish() throws {
        guard !isJSON else { return }
        try output.line()
        let folders = folderCount == 1 ? "1 folder" : "\(folderCount) folders"
        let objects = objectCount == 1 ? "1 object" : "\(objectCount) objects"
        try output.line("\(folders), \(objects), \(SizeText.human(bytes))")
    }
}
