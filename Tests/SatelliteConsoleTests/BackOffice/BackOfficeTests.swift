import Accounts
import Chores
import Overlay
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WebTesting

@Suite struct BackOfficeTests {
    private static let pages = [
        "/operator", "/operator/nodes", "/operator/durability", "/operator/repair", "/operator/market", "/operator/customers",
        "/operator/settlement", "/operator/chores", "/operator/log",
    ]

    @Test(arguments: pages) func `a page opens for an operator, and for nobody else`(path: String) async throws {
        try await OperatorDesk.with { desk in
            let answer = try await desk.visitor(desk.boss).get(path)
            #expect(answer.status == 200)
            #expect(answer.text.contains("<h1"))
            #expect(try await desk.visitor(desk.customer).get(path).status == 404)
            #expect(try await WebVisitor(desk.app).get(path).status == 404)
        }
    }

    @Test func `a node is found and shown; what is no node's id is no page`() async throws {
        try await OperatorDesk.with { desk in
            let boss = desk.visitor(desk.boss)
            let node = try #require(desk.satellite.overlay.nodes().first)
            #expect(try await boss.get("/operator/nodes").text.contains("/operator/nodes/\(node.id)"))
            #expect(try await boss.get("/operator/nodes?find=\(node.id)").text.contains("/operator/nodes/\(node.id)"))
            #expect(try await !boss.get("/operator/nodes?find=nobody").text.contains("/operator/nodes/\(node.id)"))
            #expect(try await boss.get("/operator/nodes/\(node.id)").text.contains("\(node.id)"))
            for wrong in ["x", "%3Cscript%3E", "\(node.id)x"] {
                #expect(try await boss.get("/operator/nodes/\(wrong)").status == 404)
            }
        }
    }

    @Test func `a node is thrown out only by who types the beginning of its id, and that is logged`() async throws {
        try await OperatorDesk.with { desk in
            let boss = desk.visitor(desk.boss)
            let node = try #require(desk.satellite.overlay.nodes().first)
            let path = "/operator/nodes/\(node.id)/disqualify"
            #expect(try await boss.post(path, [("confirm", "wrong"), ("reason", "lies")]).status == 422)
            #expect(try await desk.visitor(desk.customer).post(path, [("confirm", "x")]).status == 404)
            #expect(desk.satellite.overlay.record(of: node.id)?.disqualifiedAt == nil)
            let fields = [("confirm", String("\(node.id)".prefix(8))), ("reason", "lies")]
            #expect(try await boss.post(path, fields).status == 303)
            #expect(desk.satellite.overlay.record(of: node.id)?.disqualifiedAt != nil)
            let entry = try #require(try await desk.satellite.accounts.auditLog(limit: 1).first)
            #expect(entry.action == "node.disqualify")
            #expect(entry.detail == "lies")
            #expect(entry.actor == desk.boss.id)
            #expect(try await boss.get("/operator/log").text.contains("node.disqualify"))
        }
    }

    @Test func `a customer is frozen with a reason and freed again`() async throws {
        try await OperatorDesk.with { desk in
            let boss = desk.visitor(desk.boss)
            let path = "/operator/customers/\(Hexadecimal.encode(desk.customer.id.bytes))"
            let page = try await boss.get(path).text
            #expect(!page.contains("<script>alert"))
            #expect(page.contains("&lt;script&gt;alert(1)"))
            #expect(try await boss.post("\(path)/freeze", [("reason", "")]).status == 422)
            #expect(try await boss.post("\(path)/freeze", [("reason", "stolen card")]).status == 303)
            #expect(try await desk.satellite.accounts.freezes().map(\.reason) == ["stolen card"])
            #expect(try await boss.get(path).text.contains("stolen card"))
            #expect(try await boss.post("\(path)/unfreeze", []).status == 303)
            #expect(try await desk.satellite.accounts.freezes().isEmpty)
        }
    }

    @Test func `who lost his phone signs in by his password alone again, and that is written down`() async throws {
        try await OperatorDesk.with { desk in
            let (boss, accounts) = (desk.visitor(desk.boss), desk.satellite.accounts)
            let path = "/operator/customers/\(Hexadecimal.encode(desk.customer.id.bytes))"
            #expect(try await !boss.get(path).text.contains("codes/end"))
            let phone = try await accounts.beginCode(of: desk.customer.id)
            let now = desk.satellite.clock.wallClock.now()
            _ = try await accounts.confirmCode(phone.code(step: OneTimeCode.step(at: now)), of: desk.customer.id)
            #expect(try await boss.get(path).text.contains("codes/end"))
            #expect(try await desk.visitor(desk.customer).post("\(path)/codes/end", []).status == 404)
            #expect(try await accounts.signInState(of: desk.customer.id).asksForCode)
            #expect(try await boss.post("\(path)/codes/end", []).status == 303)
            #expect(try await !accounts.signInState(of: desk.customer.id).asksForCode)
            #expect(try await boss.get("/operator/log").text.contains("customer.code-off"))
        }
    }

    @Test func `limits of a project are set within bounds`() async throws {
        try await OperatorDesk.with { desk in
            let boss = desk.visitor(desk.boss)
            let accounts = desk.satellite.accounts
            let project = try await accounts.createProject(name: "photos", owner: desk.customer.id)
            let path = "/operator/projects/\(Hexadecimal.encode(project.publicID.bytes))"
            let page = try await boss.get(path).text
            #expect(page.contains("photos"))
            #expect(page.contains("<a href=\"/operator/customers\" aria-current=\"page\">"), "a project belongs to its customer")
            #expect(try await boss.get("/operator/projects/\(Hexadecimal.encode(project.id.bytes))").status == 404)
            func limits(_ storage: String) -> [(String, String)] {
                [("storage", storage), ("bandwidth", "7"), ("segments", "8"), ("buckets", "9"), ("rate", "10")]
            }
            #expect(try await boss.post("\(path)/limits", limits("-1")).status == 422)
            #expect(try await boss.post("\(path)/limits", limits("99999999999")).status == 422)
            #expect(try await boss.post("\(path)/limits", limits("5")).status == 303)
            let changed = try #require(try await accounts.project(project.id))
            #expect(changed.limits.storageBytes == 5_000_000_000)
            #expect(changed.limits.buckets == 9)
            #expect(try await boss.post("\(path)/freeze", [("reason", "abuse")]).status == 303)
            #expect(try await accounts.freezes().count == 1)
        }
    }

    @Test func `a chore is paused and goes on`() async throws {
        try await OperatorDesk.with { desk in
            let boss = desk.visitor(desk.boss)
            let paused = try await boss.post("/operator/chores/a%20chore/pause", [])
            #expect(paused.status == 303)
            #expect(desk.chore.status.isPaused)
            #expect(try await boss.post("/operator/chores/a%20chore/resume", []).status == 303)
            #expect(!desk.chore.status.isPaused)
            #expect(try await boss.post("/operator/chores/none/pause", []).status == 404)
            #expect(try await boss.post("/operator/chores/a%20chore/explode", []).status == 404)
        }
    }
}
