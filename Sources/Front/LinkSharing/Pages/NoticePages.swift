import HTTPTypes

/// What there is to say when a link does not work.
struct ErrorPage {
    let error: LinkSharingError

    init(_ error: LinkSharingError) {
        self.error = error
    }

    var html: String {
        PageFrame(
            title: error.status.reasonPhrase,
            content: "<h1>\(error.status.reasonPhrase)</h1><p>\(error.message)</p>"
        ).html
    }
}

/// What is at the root.
struct WelcomePage {
    var html: String {
        PageFrame(
            title: "Shared links",
            content: """
                <h1>Shared links</h1>
                <p>Here open the links that <code>storj share --url</code> makes. What they show is encrypted and spread
                over many machines; the key to it is in the link, so keep a link as you keep what it leads to.</p>
                """
        ).html
    }
}
