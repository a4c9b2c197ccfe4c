package import Foundation
package import StorageModel

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

    /// A network in `folder`.
    package init(
        folder: URL, nodeCount: Int = 10, redundancy: RedundancyScheme = .development, usesProcesses: Bool = false,
        executable: URL, satellitePort: Int = 0, allocatedSpace: Int64 = 1_000_000_000_000
    ) {
        self.folder = folder
        self.nodeCount = nodeCount
        self.redundancy = redundancy
        self.usesProcesses = usesProcesses
        self.executable = executable
        self.satellitePort = satellitePort
        self.allocatedSpace = allocatedSpace
    }

    /// The satellite's folder.
    package var satelliteFolder: URL { folder.appending(path: "satellite") }

    /// The folder of node `index`, counted from 0.
    package func nodeFolder(_ index: Int) -> URL {
        let number = String(index + 1)
        return folder.appending(path: "node" + String(repeating: "0", count: max(0, 2 - number.count)) + number)
    }
}
