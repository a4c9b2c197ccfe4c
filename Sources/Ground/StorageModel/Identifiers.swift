/// What one node holds of one segment is known to that node by this id.
///
/// - Source: protocol document 1 §8.
package struct PieceID: FixedBytesID {
    package let storage: Bytes32
    package init(storage: Bytes32) { self.storage = storage }
}

/// Identity of an order limit, common to all limits of one request; a node accepts it once.
package struct SerialNumber: FixedBytesID {
    package let storage: Bytes16
    package init(storage: Bytes16) { self.storage = storage }
}

/// The content of one object version: joins an object row to its segments.
package struct StreamID: FixedBytesID {
    package let storage: Bytes16
    package init(storage: Bytes16) { self.storage = storage }
}

/// A customer's project.
package struct ProjectID: FixedBytesID {
    package let storage: Bytes16
    package init(storage: Bytes16) { self.storage = storage }
}
