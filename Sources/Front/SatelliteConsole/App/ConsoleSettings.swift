package import ConsoleKit

/// What an operator chooses about the console.
package struct ConsoleSettings: Sendable {
    /// Where it is served.
    package var web: WebSettings
    /// The gateway that browsers speak S3 to, as "https://gateway.example.com"; empty for none.
    package var gateway = ""
    /// The service of shared links; empty for none.
    package var links = ""
    /// Whether anybody may open an account.
    package var isSignUpOpen = true
    /// How pages call the satellite.
    package var brand = "Storj"

    package init(web: WebSettings) { self.web = web }

    /// The console's own address in browsers, without a slash at its end.
    package var origin: String {
        let address = web.publicURL ?? "http://\(web.host):\(web.port)"
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}
