/// One file or object on its way.
package struct Transfer: Hashable, Sendable {
    /// Which way the content goes.
    package enum Direction: String, Hashable, Sendable {
        case upload, download, copy
    }

    /// Where it comes from.
    package let source: Location
    /// Where it goes to.
    package let target: Location
    /// Bytes; nil when only the end will tell.
    package let size: Int64?

    /// A transfer; at least one of its ends is remote.
    package init(source: Location, target: Location, size: Int64?) {
        self.source = source
        self.target = target
        self.size = size
    }

    /// Bytes that pass through this machine; nil when only the end will tell.
    package var bytesToMove: Int64? { direction == .copy ? 0 : size }

    /// Which way it goes.
    package var direction: Direction {
        switch (source, target) {
        case (.remote, .remote): .copy
        case (.remote, _): .download
        default: .upload
        }
    }
}
