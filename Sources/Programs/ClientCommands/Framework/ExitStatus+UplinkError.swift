package import Uplink

extension ExitStatus {
    /// What the shell learns of a failure of the library.
    package init(_ error: UplinkError) {
        self =
            switch error.code {
            case .bucketNotFound, .objectNotFound, .uploadNotFound: .notFound
            case .invalidAccess, .permissionDenied: .denied
            case .satelliteUnreachable, .notEnoughNodes: .unreachable
            case .wrongPassphrase: .wrongPassphrase
            case .bucketNameInvalid, .objectKeyInvalid, .invalidArgument: .usage
            case .bucketAlreadyExists, .bucketNotEmpty, .objectAlreadyExists, .objectLocked, .limitExceeded,
                .tooManyRequests, .corruptData, .unsupported, .fileSystem, .sourceChanged, .satelliteError:
                .failure
            }
    }
}
