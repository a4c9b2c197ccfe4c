/// What kind of failure a call ended with.
///
/// - Source: protocol document 1 §3.1.
package struct RPCStatusCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The name, or the number of a code without a name.
    package var description: String { Self.names[rawValue] ?? "code \(rawValue)" }

    package static let unknown = Self(rawValue: 0)
    /// Never on the wire.
    package static let ok = Self(rawValue: 1)
    package static let canceled = Self(rawValue: 2)
    package static let invalidArgument = Self(rawValue: 3)
    package static let deadlineExceeded = Self(rawValue: 4)
    package static let notFound = Self(rawValue: 5)
    package static let alreadyExists = Self(rawValue: 6)
    package static let permissionDenied = Self(rawValue: 7)
    package static let resourceExhausted = Self(rawValue: 8)
    package static let failedPrecondition = Self(rawValue: 9)
    package static let aborted = Self(rawValue: 10)
    package static let outOfRange = Self(rawValue: 11)
    package static let unimplemented = Self(rawValue: 12)
    package static let `internal` = Self(rawValue: 13)
    package static let unavailable = Self(rawValue: 14)
    package static let dataLoss = Self(rawValue: 15)
    package static let unauthenticated = Self(rawValue: 16)
    package static let methodNotAllowed = Self(rawValue: 17)
    package static let objectLockEndpointsDisabled = Self(rawValue: 10000)
    package static let objectLockDisabledForProject = Self(rawValue: 10001)
    package static let objectLockInvalidBucketState = Self(rawValue: 10002)
    package static let objectLockBucketRetentionConfigurationMissing = Self(rawValue: 10003)
    package static let objectLockObjectRetentionConfigurationMissing = Self(rawValue: 10004)
    package static let objectLockObjectProtected = Self(rawValue: 10005)
    package static let objectLockInvalidObjectState = Self(rawValue: 10006)
    package static let objectLockInvalidBucketRetentionConfiguration = Self(rawValue: 10007)
    package static let objectLockUploadWithTTL = Self(rawValue: 10008)
    package static let objectLockUploadWithTTLAPIKey = Self(rawValue: 10009)
    package static let objectLockUploadWithTTLAndDefaultRetention = Self(rawValue: 10010)
    package static let objectLockUploadWithTTLAPIKeyAndDefaultRetention = Self(rawValue: 10011)
    package static let placementInvalidValue = Self(rawValue: 10012)
    package static let placementConflictingValues = Self(rawValue: 10013)
    package static let bucketNameMissing = Self(rawValue: 10014)
    package static let bucketNameInvalid = Self(rawValue: 10015)
    package static let objectKeyMissing = Self(rawValue: 10016)
    package static let objectKeyTooLong = Self(rawValue: 10017)
    package static let objectVersionInvalid = Self(rawValue: 10018)
    package static let bucketNotFound = Self(rawValue: 10019)
    package static let deleteObjectsNoItems = Self(rawValue: 10020)
    package static let deleteObjectsTooManyItems = Self(rawValue: 10021)
    package static let tooManyTags = Self(rawValue: 10022)
    package static let tagKeyInvalid = Self(rawValue: 10023)
    package static let tagKeyDuplicate = Self(rawValue: 10024)
    package static let tagValueInvalid = Self(rawValue: 10025)
    package static let tagsNotFound = Self(rawValue: 10026)
    package static let checksumsUnsupported = Self(rawValue: 10027)
    package static let checksumAlgorithmInvalid = Self(rawValue: 10028)
    package static let checksumTypeUnexpected = Self(rawValue: 10029)
    package static let checksumMissing = Self(rawValue: 10030)
    package static let checksumUnexpected = Self(rawValue: 10031)
    package static let objectMetadataMissing = Self(rawValue: 10032)
    package static let objectMetadataIncludesInvalid = Self(rawValue: 10033)
    package static let insufficientObjectMetadataIncludes = Self(rawValue: 10034)
    package static let streamIDInvalid = Self(rawValue: 10035)

    private static let names: [UInt64: String] = [
        0: "Unknown",
        1: "OK",
        2: "Canceled",
        3: "InvalidArgument",
        4: "DeadlineExceeded",
        5: "NotFound",
        6: "AlreadyExists",
        7: "PermissionDenied",
        8: "ResourceExhausted",
        9: "FailedPrecondition",
        10: "Aborted",
        11: "OutOfRange",
        12: "Unimplemented",
        13: "Internal",
        14: "Unavailable",
        15: "DataLoss",
        16: "Unauthenticated",
        17: "MethodNotAllowed",
        10000: "ObjectLockEndpointsDisabled",
        10001: "ObjectLockDisabledForProject",
        10002: "ObjectLockInvalidBucketState",
        10003: "ObjectLockBucketRetentionConfigurationMissing",
        10004: "ObjectLockObjectRetentionConfigurationMissing",
        10005: "ObjectLockObjectProtected",
        10006: "ObjectLockInvalidObjectState",
        10007: "ObjectLockInvalidBucketRetentionConfiguration",
        10008: "ObjectLockUploadWithTTL",
        10009: "ObjectLockUploadWithTTLAPIKey",
        10010: "ObjectLockUploadWithTTLAndDefaultRetention",
        10011: "ObjectLockUploadWithTTLAPIKeyAndDefaultRetention",
        10012: "PlacementInvalidValue",
        10013: "PlacementConflictingValues",
        10014: "BucketNameMissing",
        10015: "BucketNameInvalid",
        10016: "ObjectKeyMissing",
        10017: "ObjectKeyTooLong",
        10018: "ObjectVersionInvalid",
        10019: "BucketNotFound",
        10020: "DeleteObjectsNoItems",
        10021: "DeleteObjectsTooManyItems",
        10022: "TooManyTags",
        10023: "TagKeyInvalid",
        10024: "TagKeyDuplicate",
        10025: "TagValueInvalid",
        10026: "TagsNotFound",
        10027: "ChecksumsUnsupported",
        10028: "ChecksumAlgorithmInvalid",
        10029: "ChecksumTypeUnexpected",
        10030: "ChecksumMissing",
        10031: "ChecksumUnexpected",
        10032: "ObjectMetadataMissing",
        10033: "ObjectMetadataIncludesInvalid",
        10034: "InsufficientObjectMetadataIncludes",
        10035: "StreamIDInvalid",
    ]
}
