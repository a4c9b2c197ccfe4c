import ConsoleKit
import PortMapping
import StorageModel

extension SetupWizard {
    /// Asks the router to pass the port on, and lets every satellite that was looked at knock again.
    ///
    /// - Returns: what came of it, in words that help a person who has never seen the router's pages.
    func askRouter() async throws -> Flash {
        let draft = state.draft
        guard let listen = Self.port(draft.address) else { return .failed("\(draft.address) is no address to listen on.") }
        let mapped: MappedPort
        do {
            mapped = try await hooks.mapPort(listen, Self.port(draft.external) ?? listen)
        } catch let error as PortMappingError {
            return .failed(
                "\(error). Many routers have a switch for this in their pages, called UPnP or NAT-PMP; otherwise forward TCP port \(listen) to this machine there.")
        }
        let outside = mapped.externalAddress.text(port: Int(mapped.externalPort))
        guard mapped.isPublic else {
            return .failed(
                "The router passes the port on, but its own address, \(mapped.externalAddress), cannot be reached from the internet: your provider has a router of its own before it (CGNAT). Ask the provider for a public address, or run the node where there is one.")
        }
        state.change { draft in (draft.external, draft.mapsPort) = (outside, true) }
        try await knockAgain()
        return .done("The router passes \(outside) on to this machine (asked by \(mapped.way)). The node will keep asking for it.")
    }

    private func knockAgain() async throws {
        let draft = state.draft
        guard !draft.satellites.isEmpty else { return }
        let answers = try await probe().knock(draft.satellites.map(\.url), listen: draft.address, external: draft.external)
        state.change { draft in
            for index in draft.satellites.indices {
                guard let answer = answers[draft.satellites[index].url.id] else { continue }
                (draft.satellites[index].unreached, draft.satellites[index].isReached) = (answer, answer == nil)
            }
        }
    }

    private static func port(_ address: String) -> UInt16? {
        address.lastIndex(of: ":").flatMap { UInt16(address[address.index(after: $0)...]) }
    }
}
