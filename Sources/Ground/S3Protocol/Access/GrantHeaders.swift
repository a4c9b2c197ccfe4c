/// The grants of the headers `x-amz-grant-…`.
package enum GrantHeaders {
    /// Each header with what it grants.
    package static let names: [(name: String, permission: AccessPermission)] = [
        ("x-amz-grant-read", .read), ("x-amz-grant-write", .write), ("x-amz-grant-read-acp", .readACP),
        ("x-amz-grant-write-acp", .writeACP), ("x-amz-grant-full-control", .fullControl),
    ]

    /// Reads `id="…", uri="…", emailAddress=…`.
    ///
    /// - Throws: `InvalidArgument` for anything else.
    package static func parse(_ text: String) throws(S3Error) -> [Grantee] {
        var grantees: [Grantee] = []
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1).map { trimmed($0) }
            guard halves.count == 2, !halves[1].isEmpty else { throw malformed }
            switch halves[0].lowercased() {
            case "id": grantees.append(.account(AccessOwner(id: halves[1])))
            case "emailaddress": grantees.append(.email(halves[1]))
            case "uri":
                guard let group = Grantee.Group(rawValue: halves[1]) else {
                    throw S3Error(.invalidArgument, "Invalid group uri")
                }
                grantees.append(.group(group))
            default: throw malformed
            }
        }
        return grantees
    }

    private static let malformed = S3Error(.invalidArgument, "Argument format not recognized")

    /// Without blanks and quotes around it.
    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\"" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\"" { text.removeLast() }
        return String(text)
    }
}
