import Foundation
import PortMapping
import StorageModel
import Testing

@Suite struct InternetGatewayTests {
    private let router = IPAddress(text: "192.168.1.1")!
    private let location = URL(string: "http://192.168.1.1:5000/root.xml")!

    private func found(_ text: String) -> URL? {
        InternetGateway.location(in: Array(text.replacing("\n", with: "\r\n").utf8), from: router)
    }

    private let device = "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\n"

    @Test func `an answer to a search says where the router is described`() {
        #expect(found("HTTP/1.1 200 OK\nCACHE-CONTROL: max-age=120\n\(device)Location:  http://192.168.1.1:5000/root.xml \n\n") == location)
    }

    @Test(arguments: [
        "http://192.168.1.2:5000/root.xml", "http://example.org/root.xml", "https://192.168.1.1/", "file:///etc/passwd",
        "http://user@192.168.1.1/", "http://192.168.1.1.example.org/", "",
    ])
    func `an answer that sends elsewhere is none`(url: String) {
        #expect(found("HTTP/1.1 200 OK\n\(device)LOCATION: \(url)\n\n") == nil)
    }

    @Test func `what is not an answer of a router is none`() {
        let rest = "LOCATION: http://192.168.1.1:5000/root.xml\n\n"
        #expect(found("HTTP/1.1 404 Not Found\n\(device)\(rest)") == nil)
        #expect(found("NOTIFY * HTTP/1.1\n\(device)\(rest)") == nil)
        #expect(found("HTTP/1.1 200 OK\nST: upnp:rootdevice\n\(rest)") == nil)
        #expect(found("") == nil)
        #expect(InternetGateway.location(in: [0xFF, 0xFE, 0, 1], from: router) == nil)
    }

    private func description(_ service: String, _ path: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device><deviceList><device>
            <serviceList><service><serviceType>urn:schemas-upnp-org:service:\(service)</serviceType>
            <controlURL>\(path)</controlURL></service></serviceList></device></deviceList></device></deviceList></device></root>
            """.utf8)
    }

    @Test func `the service that maps ports is found however deep it is`() throws {
        let gateway = try #require(try InternetGateway.find(in: description("WANIPConnection:1", "/ctl/IPConn"), at: location))
        #expect(gateway.control == URL(string: "http://192.168.1.1:5000/ctl/IPConn"))
        #expect(gateway.service == "urn:schemas-upnp-org:service:WANIPConnection:1")
        #expect(try InternetGateway.find(in: description("WANPPPConnection:1", "ctl"), at: location)?.control.path == "/ctl")
        #expect(try InternetGateway.find(in: description("Layer3Forwarding:1", "/ctl"), at: location) == nil)
    }

    @Test func `a service at another machine is refused, and so is what is no description`() {
        for text in ["http://10.0.0.9/ctl", "//10.0.0.9/ctl", "https://192.168.1.1/ctl"] {
            #expect(throws: PortMappingError.malformed(.upnp, "its service is at another machine")) {
                try InternetGateway.find(in: description("WANIPConnection:1", text), at: location)
            }
        }
        for text in ["", "<root>", "<!DOCTYPE r [<!ENTITY a 'a'>]><root>&a;</root>", String(repeating: "<a>", count: 100)] {
            #expect(throws: PortMappingError.self) { try InternetGateway.find(in: Array(text.utf8), at: location) }
        }
    }

    private func envelope(_ body: String) -> [UInt8] {
        Array("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\(body)</s:Body></s:Envelope>".utf8)
    }

    @Test func `answers say what was done, or why it was not`() throws {
        let done = envelope("<u:GetExternalIPAddressResponse xmlns:u='x'><NewExternalIPAddress>203.0.113.7</NewExternalIPAddress></u:GetExternalIPAddressResponse>")
        #expect(try InternetGateway.answer(done, to: "GetExternalIPAddress") == .done(["NewExternalIPAddress": "203.0.113.7"]))
        let fault = envelope(
            """
            <s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>
            <UPnPError xmlns='urn:schemas-upnp-org:control-1-0'><errorCode>718</errorCode><errorDescription>Conflict</errorDescription></UPnPError>
            </detail></s:Fault>
            """)
        guard case .failed(718, let words) = try InternetGateway.answer(fault, to: "AddPortMapping") else {
            Issue.record("a fault was taken for success")
            return
        }
        #expect(words.contains("another machine"))
        for other in [envelope(""), envelope("<u:Other/>"), Array("<Envelope/>".utf8), [], [0xFF]] {
            #expect(throws: PortMappingError.self) { try InternetGateway.answer(other, to: "AddPortMapping") }
        }
    }
}
