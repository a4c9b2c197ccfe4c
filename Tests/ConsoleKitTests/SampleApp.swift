import ConsoleKit
import Foundation
import Hummingbird
import Logging
import StorageModel
import Synchronization
import TestSupport
import WebTesting

/// An app with one of everything, and its visitors.
struct SampleApp {
    let app: WebApp
    let store: SampleSessions
    let clock = TestClock()
    let log = LogLines()

    init(_ change: (inout WebSettings) -> Void = { _ in }) throws {
        var settings = WebSettings(port: 0)
        change(&settings)
        let store = SampleSessions()
        self.store = store
        var logger = Logger(label: "test", factory: { [log] _ in log })
        logger.logLevel = .info
        app = try WebApp(
            name: "sample", settings: settings, resources: [.sample], sessions: store, clock: clock.wallClock,
            random: .system, logger: logger,
            refusal: { error in (error as? SampleError).map { WebError(.conflict, $0.sentence) } },
            routes: { Self.add(to: $0, store) })
    }

    var visitor: WebVisitor { WebVisitor(app) }

    private static func add(to router: Router<WebContext>, _ store: SampleSessions) {
        let shell = Shell(
            brand: "Sample", items: [NavigationItem("First", "/"), NavigationItem("Files", "/files", icon: "bucket")])
        router.get("/") { _, context in
            let who = (context.session as? SampleSession)?.name ?? "nobody"
            return try context.page("sample", title: "Who", shell: shell, model: SamplePage(name: who, chart: nil))
        }
        router.get("files/:name") { _, context in
            let name = context.parameters.get("name")?.removingPercentEncoding ?? ""
            let chart = BarChart(title: name, labels: [name], series: [ChartSeries(name, [1])], unit: .bytes).markup
            return try context.page("sample", title: name, shell: shell, model: SamplePage(name: name, chart: chart))
        }
        router.post("sign-in") { _, context in
            let token = SessionToken(random: .system)
            store.add(token, context.form["name"] ?? "")
            return context.redirect(to: "/", flash: .done("Welcome <b>"))
                .signingIn(token, lasting: .seconds(60), context)
        }
        router.post("sign-out") { _, context in context.redirect(to: "/").signingOut(context) }
        router.post("away") { _, context in context.redirect(to: context.form["to"] ?? "") }
        router.get("wrong") { _, _ -> Response in throw SampleError(sentence: "That is taken.") }
        router.get("broken") { _, _ -> Response in throw CocoaError(.fileNoSuchFile) }
        router.post("api/thing") { _, context in try context.json(["name": "thing"]) }
    }
}

struct SamplePage: Sendable {
    let name: String
    let chart: Markup?
}

struct SampleError: Error { let sentence: String }
struct SampleSession: WebSession { let name: String }

/// Sessions in memory.
final class SampleSessions: SessionStore {
    private let names = Mutex<[[UInt8]: String]>([:])

    func add(_ token: SessionToken, _ name: String) { names.withLock { $0[token.digest] = name } }
    func revokeAll() { names.withLock { $0 = [:] } }

    func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? {
        names.withLock { $0[token.digest] }.map(SampleSession.init)
    }

    func session(bearer: String, context: WebContext) async throws -> (any WebSession)? {
        bearer == "right" ? SampleSession(name: "program") : nil
    }
}

/// What was logged.
final class LogLines: LogHandler {
    private let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    var all: [String] { lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}

extension WebResources {
    static let sample = WebResources(
        pages: ["sample": Array("<h1 title=\"{{name}}\">{{name}}</h1>{{#chart}}{{{html}}}{{/chart}}{{> csrf}}".utf8)],
        assets: ["sample.js": Array("export const long = \"\(String(repeating: "x", count: 2000))\";".utf8)])
}
