package import ConsoleKit
package import MailDoor

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
    /// How the console writes to people: links that confirm addresses and set passwords, invitations; nil for not at all.
    package var mail: MailSettings?
    /// Whether only who has confirmed his address may make projects; means nothing without mail.
    package var demandsConfirmedAddress = false
    /// How pages call the satellite.
    package var brand = "Storj"

    package init(web: WebSettings) { self.web = web }

    /// The console's own address in browsers, without a slash at its end.
    package var origin: String {
        let address = web.publicURL ?? "http://\(web.host):\(web.port)"
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}
