extension TagSet {
    /// The same in the order of their keys' bytes, as headers' tags are kept: a query has no order of its own.
    package var sorted: TagSet {
        let sorted = tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        // What was valid stays so in another order.
        return (try? TagSet(sorted, maximum: sorted.count)) ?? self
    }
}
