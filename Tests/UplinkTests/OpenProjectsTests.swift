import AccessGrants
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Testing
import Uplink

@Suite struct OpenProjectsTests {
    /// Projects of one satellite, kept for a minute after they were used.
    private struct Bench {
        let satellite: TestBench
        let clock = TestClock()
        let projects: OpenProjects
        /// How often a project was opened.
        let opened = Counter()

        final class Counter: Sendable {
            let count = Mutex(0)
        }

        init(capacity: Int) async throws {
            let satellite = try await TestBench()
            self.satellite = satellite
            projects = OpenProjects(
                capacity: capacity, idleTime: .seconds(60), clock: clock.wallClock
            ) { [opened] access in
                opened.count.withLock { $0 += 1 }
                return try satellite.project(AccessGrant(text: access.text))
            }
        }

        /// The whole grant, and for any other name a new one: a shared grant has a nonce of its own.
        func access(_ name: String = "") throws -> Access {
            let whole = try Access(satellite.grant.text)
            return name.isEmpty ? whole : try whole.shared(.readOnly, prefixes: [SharePrefix(bucket: name)])
        }
    }

    @Test func `one project serves all that bring the same grant`() async throws {
        let bench = try await Bench(capacity: 2)
        let first = try await bench.projects.project(for: bench.access())
        let second = try await bench.projects.project(for: bench.access().text)
        #expect(first === second)
        #expect(bench.opened.count.withLock { $0 } == 1)
    }

    @Test func `a project that is held stays open however long`() async throws {
        let bench = try await Bench(capacity: 2)
        var held: Uplink.Project? = try await bench.projects.project(for: bench.access())
        bench.clock.advance(by: .seconds(3600))
        await bench.projects.sweep()
        #expect(try await bench.projects.project(for: bench.access()) === held)
        try await held?.createBucket("bucket")
        held = nil
        bench.clock.advance(by: .seconds(59))
        await bench.projects.sweep()
        #expect(bench.projects.count == 1)
        bench.clock.advance(by: .seconds(1))
        await bench.projects.sweep()
        #expect(bench.projects.count == 0)
    }

    @Test func `the project that was idle longest makes room, and one in use never does`() async throws {
        let bench = try await Bench(capacity: 2)
        let grant = try bench.access("aaa")
        let held = try await bench.projects.project(for: grant)
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.projects.project(for: bench.access("bbb"))
        var other: Uplink.Project? = try await bench.projects.project(for: bench.access("ccc"))
        #expect(bench.projects.count == 2)
        #expect(try await bench.projects.project(for: grant) === held)
        #expect(bench.opened.count.withLock { $0 } == 3)
        await #expect(throws: OpenProjects.Busy.self) {
            _ = try await bench.projects.project(for: bench.access("ddd"))
        }
        withExtendedLifetime(other) {}
        other = nil
        _ = try await bench.projects.project(for: bench.access("ddd"))
        withExtendedLifetime(held) {}
    }

    @Test func `nothing is opened after the end`() async throws {
        let bench = try await Bench(capacity: 2)
        _ = try await bench.projects.project(for: bench.access())
        await bench.projects.shutdown()
        #expect(bench.projects.count == 0)
        await #expect(throws: OpenProjects.Busy.self) { _ = try await bench.projects.project(for: bench.access()) }
    }
}
