package import S3Protocol

/// May this caller have this done?
package struct AccessQuestion: Sendable {
    package let operation: S3Operation
    package let bucket: String
    /// Nil for what is about a bucket.
    package let key: String?
    /// As the caller wrote it; nil for the newest.
    package let versionID: String?
    package let caller: Caller
    /// What conditions of a policy look at.
    package let request: S3Request

    /// A question that need not be the request's own: a copy asks for its source, a form for the key in it.
    package init(
        _ operation: S3Operation, bucket: String, key: String?, versionID: String? = nil, caller: Caller,
        request: S3Request
    ) {
        self.operation = operation
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
        self.caller = caller
        self.request = request
    }
}
