package import Foundation
package import StorageModel

/// Where money is settled in a network on one machine.
package enum NetworkLedger: String, Sendable, CaseIterable {
    /// Nowhere: nobody is paid.
    case none
    /// On a ledger that the satellite keeps.
    case embedded
    /// On a chain of the network's own.
    case development = "dev"
}

/// What kind of network `storj up` runs.
package struct NetworkOptions: Sendable {
    /// Where everything is kept.
    package var folder: URL
    /// How many storage nodes, at least the scheme's total.
    package var nodeCount: Int
    /// How segments are spread.
    package var redundancy: RedundancyScheme
    /// Whether the satellite and every node run in a process of their own.
    package var usesProcesses: Bool
    /// The program to start for each process.
    package var executable: URL
    /// The satellite's port at first start; 0 chooses a free one.
    package var satellitePort: Int
    /// Space each node offers, in bytes.
    package var allocatedSpace: Int64
    /// How many /24 networks the nodes are spread over; 0 for one network without a rule about them.
    package var subnetCount: Int
    /// Where money is settled; at first start.
    package var ledger: NetworkLedger
    /// Settings of the satellite at first start, by dotted key.
    package var satelliteSettings: [String: String]
    /// Settings of every node at first start, by dotted key.
    package var nodeSettings: [String: String]
    /// Settings of the gateway at first start, by dotted key.
    package var gatewaySettings: [String: String]

    /// A network in `folder`.
    package init(
        folder: URL, nodeCount: Int = 10, redundancy: RedundancyScheme = .development, usesProcesses: Bool = false,
        executable: URL, satellitePort: Int = 0, allocatedSpace: Int64 = 1_000_000_000_000, subnetCount: Int = 0,
        ledger: NetworkLedger = .embedded, satelliteSettings: [String: String] = [:], nodeSettings: [String: String] = [:],
        gatewaySettings: [String: String] = [:]
    ) {
        self.folder = folder
        self.nodeCount = nodeCount
        self.redundancy = redundancy
        self.usesProcesses = usesProcesses
        self.executable = executable
        self.satellitePort = satellitePort
        self.allocatedSpace = allocatedSpace
        self.subnetCount = subnetCount
        self.ledger = ledger
        self.satelliteSettings = satelliteSettings
        self.nodeSettings = nodeSettings
        self.gatewaySettings = gatewaySettings
    }

    /// The gateway's folder.
    package var gatewayFolder: URL { folder.appending(path: "gateway") }

    /// The satellite's folder.
    package var satelliteFolder: URL { folder.appending(path: "satellite") }

    /// Where node `index`, counted from 0, listens: all of 127.0.0.0/8 is this machine, on Linux without further ado.
    func nodeHost(_ index: Int) -> String {
        guard subnetCount > 0 else { return "127.0.0.1" }
        let subnet = index % subnetCount
        return "127.\(1 + subnet / 256).\(subnet % 256).1"
    }

    /// The folder of node `index`, counted from 0.
    package func nodeFolder(_ index: Int) -> URL {
        let number = String(index + 1)
        return folder.appending(path: "node" + String(repeating: "0", count: max(0, 2 - number.count)) + number)
    }
}
