import S3Protocol
import Testing
import XML

/// What came back over a connection.
struct DoorAnswer {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]
    /// Whether the gateway asked for the body first.
    let wasContinued: Bool

    /// - Parameter bytes: all that came until the gateway closed.
    init(_ bytes: [UInt8]) throws {
        var (rest, wasContinued) = (bytes[...], false)
        while true {
            let end = try #require(rest.firstRange(of: Array("\r\n\r\n".utf8)), "no whole answer came")
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let status = try #require(Int(lines[0].split(separator: " ")[1]))
            rest = rest[end.upperBound...]
            if status == 100 {
                wasContinued = true
                continue
            }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let halves = line.split(separator: ":", maxSplits: 1)
                headers[halves[0].lowercased()] = halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""
            }
            self.status = status
            self.headers = headers
            self.wasContinued = wasContinued
            body = Array(rest)
            return
        }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The code of a refusal; nil when the body is none.
    var code: String? {
        // A body that is no refusal has no code: that is the answer.
        (try? XMLReader.read(body, named: "Error"))?.all("Code").first?.text
    }
}
