public import Foundation

/// Until when an object version can be neither overwritten nor deleted.
public struct Retention: Hashable, Sendable {
    /// Who may end it early.
    public enum Mode: Int, Hashable, Sendable, CaseIterable {
        /// Nobody.
        case compliance = 1
        /// Those with a permission of their own.
        case governance = 2
    }

    /// Who may end it early.
    public var mode: Mode
    /// The end.
    public var until: Date

    /// A retention.
    public init(mode: Mode, until: Date) {
        self.mode = mode
        self.until = until
    }
}
