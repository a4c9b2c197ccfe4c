package import HTTPTypes

/// The names of S3's refusals, with the status and the words that S3 usually gives them.
///
/// - Source: Amazon S3 API reference, "Error responses", "List of error codes".
package enum S3ErrorCode: String, CaseIterable, Sendable {
    case accessControlListNotSupported = "AccessControlListNotSupported"
    case accessDenied = "AccessDenied"
    case accountProblem = "AccountProblem"
    case authorizationHeaderMalformed = "AuthorizationHeaderMalformed"
    case authorizationQueryParametersError = "AuthorizationQueryParametersError"
    case badDigest = "BadDigest"
    case badRequest = "BadRequest"
    case bucketAlreadyExists = "BucketAlreadyExists"
    case bucketAlreadyOwnedByYou = "BucketAlreadyOwnedByYou"
    case bucketNotEmpty = "BucketNotEmpty"
    case corsForbidden = "CORSForbidden"
    case conditionalRequestConflict = "ConditionalRequestConflict"
    case missingContentLength = "MissingContentLength"
    case entityTooLarge = "EntityTooLarge"
    case entityTooSmall = "EntityTooSmall"
    case expiredToken = "ExpiredToken"
    case illegalLocationConstraintException = "IllegalLocationConstraintException"
    case illegalVersioningConfigurationException = "IllegalVersioningConfigurationException"
    case incompleteBody = "IncompleteBody"
    case incorrectNumberOfFilesInPostRequest = "IncorrectNumberOfFilesInPostRequest"
    case inlineDataTooLarge = "InlineDataTooLarge"
    case internalError = "InternalError"
    case invalidAccessKeyId = "InvalidAccessKeyId"
    case invalidArgument = "InvalidArgument"
    case invalidBucketAclWithObjectOwnership = "InvalidBucketAclWithObjectOwnership"
    case invalidBucketName = "InvalidBucketName"
    case invalidBucketState = "InvalidBucketState"
    case invalidDigest = "InvalidDigest"
    case invalidEncryptionAlgorithmError = "InvalidEncryptionAlgorithmError"
    case invalidLocationConstraint = "InvalidLocationConstraint"
    case invalidObjectState = "InvalidObjectState"
    case invalidPart = "InvalidPart"
    case invalidPartNumber = "InvalidPartNumber"
    case invalidPartOrder = "InvalidPartOrder"
    case invalidPolicyDocument = "InvalidPolicyDocument"
    case invalidRange = "InvalidRange"
    case invalidRequest = "InvalidRequest"
    case invalidRetentionPeriod = "InvalidRetentionPeriod"
    case invalidSecurity = "InvalidSecurity"
    case invalidStorageClass = "InvalidStorageClass"
    case invalidTag = "InvalidTag"
    case invalidTagError = "InvalidTagError"
    case invalidTargetBucketForLogging = "InvalidTargetBucketForLogging"
    case invalidToken = "InvalidToken"
    case invalidURI = "InvalidURI"
    case keyTooLongError = "KeyTooLongError"
    case malformedACLError = "MalformedACLError"
    case malformedPOSTRequest = "MalformedPOSTRequest"
    case malformedPolicy = "MalformedPolicy"
    case malformedTrailerError = "MalformedTrailerError"
    case malformedXML = "MalformedXML"
    case maxMessageLengthExceeded = "MaxMessageLengthExceeded"
    case maxPostPreDataLengthExceededError = "MaxPostPreDataLengthExceededError"
    case metadataTooLarge = "MetadataTooLarge"
    case methodNotAllowed = "MethodNotAllowed"
    case missingFields = "MissingFields"
    case missingRequestBodyError = "MissingRequestBodyError"
    case missingSecurityHeader = "MissingSecurityHeader"
    case noSuchBucket = "NoSuchBucket"
    case noSuchBucketPolicy = "NoSuchBucketPolicy"
    case noSuchCORSConfiguration = "NoSuchCORSConfiguration"
    case noSuchKey = "NoSuchKey"
    case noSuchLifecycleConfiguration = "NoSuchLifecycleConfiguration"
    case noSuchObjectLockConfiguration = "NoSuchObjectLockConfiguration"
    case noSuchPublicAccessBlockConfiguration = "NoSuchPublicAccessBlockConfiguration"
    case noSuchTagSet = "NoSuchTagSet"
    case noSuchUpload = "NoSuchUpload"
    case noSuchVersion = "NoSuchVersion"
    case noSuchWebsiteConfiguration = "NoSuchWebsiteConfiguration"
    case notImplemented = "NotImplemented"
    case notModified = "NotModified"
    case objectLockConfigurationNotFoundError = "ObjectLockConfigurationNotFoundError"
    case operationAborted = "OperationAborted"
    case ownershipControlsNotFoundError = "OwnershipControlsNotFoundError"
    case permanentRedirect = "PermanentRedirect"
    case preconditionFailed = "PreconditionFailed"
    case requestHeaderSectionTooLarge = "RequestHeaderSectionTooLarge"
    case requestIsNotMultiPartContent = "RequestIsNotMultiPartContent"
    case requestTimeTooSkewed = "RequestTimeTooSkewed"
    case requestTimeout = "RequestTimeout"
    case serverSideEncryptionConfigurationNotFoundError = "ServerSideEncryptionConfigurationNotFoundError"
    case serviceUnavailable = "ServiceUnavailable"
    case signatureDoesNotMatch = "SignatureDoesNotMatch"
    case slowDown = "SlowDown"
    case tooManyBuckets = "TooManyBuckets"
    case tooManyParts = "TooManyParts"
    case unexpectedContent = "UnexpectedContent"
    case unresolvableGrantByEmailAddress = "UnresolvableGrantByEmailAddress"
    case unsupportedArgument = "UnsupportedArgument"
    case userKeyMustBeSpecified = "UserKeyMustBeSpecified"
    case xAmzContentSHA256Mismatch = "XAmzContentSHA256Mismatch"
    case xAmzContentChecksumMismatch = "XAmzContentChecksumMismatch"

    /// The usual status.
    package var status: HTTPResponse.Status {
        switch self {
        case .permanentRedirect:
            .movedPermanently
        case .notModified:
            .notModified
        case .accessDenied, .accountProblem, .corsForbidden, .invalidAccessKeyId, .invalidObjectState,
            .invalidSecurity, .requestTimeTooSkewed, .signatureDoesNotMatch:
            .forbidden
        case .noSuchBucket, .noSuchBucketPolicy, .noSuchCORSConfiguration, .noSuchKey,
            .noSuchLifecycleConfiguration, .noSuchObjectLockConfiguration,
            .noSuchPublicAccessBlockConfiguration, .noSuchTagSet, .noSuchUpload, .noSuchVersion,
            .noSuchWebsiteConfiguration, .objectLockConfigurationNotFoundError, .ownershipControlsNotFoundError,
            .serverSideEncryptionConfigurationNotFoundError:
            .notFound
        case .methodNotAllowed:
            .methodNotAllowed
        case .bucketAlreadyExists, .bucketAlreadyOwnedByYou, .bucketNotEmpty, .conditionalRequestConflict,
            .invalidBucketState, .operationAborted:
            .conflict
        case .missingContentLength:
            .lengthRequired
        case .preconditionFailed:
            .preconditionFailed
        case .invalidPartNumber, .invalidRange:
            .rangeNotSatisfiable
        case .internalError:
            .internalServerError
        case .notImplemented:
            .notImplemented
        case .serviceUnavailable, .slowDown:
            .serviceUnavailable
        default: .badRequest
        }
    }
}
