package import Foundation
package import StorageModel
import XML

/// A router found by UPnP: where its service that maps ports takes requests.
///
/// - Source: UPnP Device Architecture 1.1; WANIPConnection 1 and 2, WANPPPConnection 1.
package struct InternetGateway: Sendable, Hashable {
    /// Where every device hears a search.
    package static let searchAddress = "239.255.255.250"
    package static let searchPort = 1900
    /// Bytes that are read of a device: descriptions of real ones have up to 30 kB.
    static let largestDocument = 256 << 10
    /// The most of it that is taken.
    static let limits = {
        var limits = XMLLimits()
        (limits.byteCount, limits.depth, limits.elementCount) = (largestDocument, 32, 5_000)
        return limits
    }()
    private static let services = [
        "urn:schemas-upnp-org:service:WANIPConnection:2", "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ]
    private static let device = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"

    /// Takes requests.
    package let control: URL
    /// The kind of service, which requests name.
    package let service: String

    /// Asks all devices around for routers.
    package static let search = Array(
        """
        M-SEARCH * HTTP/1.1\r
        HOST: \(searchAddress):\(searchPort)\r
        MAN: "ssdp:discover"\r
        MX: 2\r
        ST: \(device)\r
        \r

        """.utf8)

    /// Where an answer to a search says that the device is described; nil for an answer of something else, or that
    /// sends the reader to another machine than the one that answered.
    package static func location(in answer: [UInt8], from sender: IPAddress) -> URL? {
        guard answer.count <= 8192, let text = String(validating: answer, as: UTF8.self) else { return nil }
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first, first.hasPrefix("HTTP/1."), first.split(separator: " ").dropFirst().first == "200"
        else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        guard fields["st"] == device, let url = fields["location"].flatMap(URL.init(string:)), isAt(sender, url) else { return nil }
        return url
    }

    private static func isAt(_ address: IPAddress, _ url: URL) -> Bool {
        url.scheme == "http" && url.host().flatMap { IPAddress(text: $0) } == address && url.user == nil
    }

    /// The service that maps ports in a device's description; nil when the device has none.
    ///
    /// - Throws: `PortMappingError.malformed`.
    package static func find(in description: [UInt8], at location: URL) throws(PortMappingError) -> InternetGateway? {
        let root: XMLElement
        do { root = try XMLReader.parse(description, limits: limits) } catch { throw .malformed(.upnp, "\(error)") }
        var found: [String: String] = [:]
        var rest = [root]
        while let element = rest.popLast() {
            if element.name == "service", let kind = element.all("serviceType").first?.value,
                let path = element.all("controlURL").first?.value, found[kind] == nil
            { found[kind] = path }
            rest += element.children
        }
        for kind in services {
            guard let path = found[kind] else { continue }
            // Requests go to the machine that was found, whatever its description says.
            guard let host = location.host().flatMap({ IPAddress(text: $0) }),
                let url = URL(string: path, relativeTo: location)?.absoluteURL, isAt(host, url)
            else { throw .malformed(.upnp, "its service is at another machine") }
            return InternetGateway(control: url, service: kind)
        }
        return nil
    }

    /// The body of a request.
    package func request(_ action: String, _ arguments: [(name: String, value: String)] = []) -> String {
        let inner = arguments.map { "<\($0.name)>\($0.value)</\($0.name)>" }.joined()
        return """
            <?xml version="1.0"?>
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
            s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
            <u:\(action) xmlns:u="\(service)">\(inner)</u:\(action)></s:Body></s:Envelope>
            """
    }

    /// What a router answers.
    package enum Answer: Sendable, Hashable {
        /// It did it; with what it tells.
        case done([String: String])
        /// It did not, by its own number and words.
        case failed(code: Int, text: String)
    }

    /// Reads the answer to an action.
    ///
    /// - Throws: `PortMappingError.malformed`.
    package static func answer(_ bytes: [UInt8], to action: String) throws(PortMappingError) -> Answer {
        let root: XMLElement
        do { root = try XMLReader.parse(bytes, limits: limits) } catch { throw .malformed(.upnp, "\(error)") }
        guard root.name == "Envelope", let inner = root.all("Body").first?.children.first else {
            throw .malformed(.upnp, "no envelope with a body")
        }
        if inner.name == "Fault", let problem = inner.all("detail").first?.all("UPnPError").first,
            let code = problem.all("errorCode").first.flatMap({ Int($0.value) })
        {
            return .failed(code: code, text: words(code, problem.all("errorDescription").first?.value ?? ""))
        }
        guard inner.name == action + "Response" else { throw .malformed(.upnp, "an answer to something else") }
        return .done(Dictionary(inner.children.map { ($0.name, $0.value) }) { first, _ in first })
    }

    /// The only leases some routers give are endless.
    package static let permanentLeasesOnly = 725

    private static func words(_ code: Int, _ text: String) -> String {
        switch code {
        case 606: "it does not allow that (606)"
        case 718: "the port leads to another machine already (718): choose another port"
        case 725: "it gives ports for good only (725)"
        default: "\(text.isEmpty ? "error" : String(text.prefix(100))) (\(code))"
        }
    }
}
