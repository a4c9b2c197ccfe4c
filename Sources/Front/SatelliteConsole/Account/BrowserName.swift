/// What a browser is called by those who use it, of what it says of itself.
///
/// Browsers name each other in that text, so the order in which they are looked for matters.
struct BrowserName: Hashable, Sendable {
    private static let browsers = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    private static let systems = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]
    /// "Firefox on Linux".
    let text: String

    /// - Parameter agent: the field User-Agent, RFC 9110 10.1.5.
    init(agent: String) {
        func first(_ names: [(String, String)]) -> String? { names.first { agent.contains($0.0) }?.1 }
        switch (first(Self.browsers), first(Self.systems)) {
        case (let browser?, let system?): text = "\(browser) on \(system)"
        case (let browser?, nil): text = browser
        default: text = agent.isEmpty ? "Unnamed program" : String(agent.prefix(60))
        }
    }
}
