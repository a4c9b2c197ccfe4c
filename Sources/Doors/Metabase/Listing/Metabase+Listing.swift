extension Metabase {
    /// A page of a bucket.
    ///
    /// - Throws: `bucketNotFound`.
    package func list(_ listing: ObjectListing) async throws -> ObjectPage {
        try await read { transaction in
            let bucket = try transaction.bucketTable.get(listing.bucket)
            var lister = ObjectLister(transaction: transaction, bucket: bucket.id, listing: listing)
            return try lister.page()
        }
    }
}
