package import S3Protocol
package import Uplink

extension S3Error {
    /// What S3 would answer where the library fails.
    package init(_ error: UplinkError) {
        switch error.code {
        case .invalidAccess, .permissionDenied, .wrongPassphrase: self.init(.accessDenied)
        case .bucketNotFound: self.init(.noSuchBucket)
        case .bucketAlreadyExists: self.init(.bucketAlreadyOwnedByYou)
        case .bucketNotEmpty: self.init(.bucketNotEmpty)
        case .bucketNameInvalid: self.init(.invalidBucketName)
        case .objectNotFound: self.init(.noSuchKey)
        case .objectAlreadyExists: self.init(.preconditionFailed)
        case .objectKeyInvalid: self.init(.invalidArgument, error.message)
        case .objectLocked: self.init(.accessDenied, "Access Denied because object protected by object lock.")
        case .uploadNotFound: self.init(.noSuchUpload)
        case .limitExceeded: self.init(.accessDenied, error.message)
        case .tooManyRequests: self.init(.slowDown)
        case .satelliteUnreachable, .notEnoughNodes: self.init(.serviceUnavailable)
        case .unsupported: self.init(.notImplemented, error.message)
        case .invalidArgument: self.init(.invalidArgument, error.message)
        case .corruptData, .fileSystem, .sourceChanged, .satelliteError: self.init(.internalError)
        }
    }
}
