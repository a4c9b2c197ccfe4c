/// The query of a request, decoded once, in its order.
package struct QueryItems: Sendable, Hashable {
    /// One `name=value`.
    package struct Item: Sendable, Hashable {
        package let name: String
        /// Nil when there is no "=".
        package let value: String?
    }

    package let items: [Item]

    /// Splits at "&" and "="; "+" means a space.
    ///
    /// - Parameter rawQuery: what stands behind "?", without it.
    package init(rawQuery: String) {
        items = SignedQueryItem.parse(rawQuery).map { Item(name: $0.name, value: $0.value) }
    }

    /// The first value of a name, "" for one without "="; nil when there is no such name. Names are compared exactly.
    package subscript(name: String) -> String? {
        items.first { $0.name == name }.map { $0.value ?? "" }
    }

    /// Whether there is such a name, with or without a value.
    package func contains(_ name: String) -> Bool { items.contains { $0.name == name } }
}
