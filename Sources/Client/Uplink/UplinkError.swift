/// What went wrong, for a program to act on and for a person to read.
public struct UplinkError: Error, Hashable, Sendable {
    /// What kind of failure this is.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The access grant is not one.
        case invalidAccess
        /// The API key or the grant does not allow this.
        case permissionDenied
        /// The encryption keys are not those that the stored data was encrypted with.
        case wrongPassphrase
        /// There is no such bucket.
        case bucketNotFound
        /// There is already a bucket of this name.
        case bucketAlreadyExists
        /// The bucket still has objects.
        case bucketNotEmpty
        /// Not a name a bucket can have.
        case bucketNameInvalid
        /// There is no such object.
        case objectNotFound
        /// There is already an object of this key and the caller forbade replacing it.
        case objectAlreadyExists
        /// Not a key an object can have.
        case objectKeyInvalid
        /// The object is under retention or legal hold.
        case objectLocked
        /// There is no such multipart upload.
        case uploadNotFound
        /// The project's storage, segment or bandwidth limit is reached.
        case limitExceeded
        /// Too many requests in a short time.
        case tooManyRequests
        /// The satellite does not answer.
        case satelliteUnreachable
        /// Too few nodes took or gave their pieces.
        case notEnoughNodes
        /// What arrived is not what was stored.
        case corruptData
        /// The satellite or this library does not do this.
        case unsupported
        /// The caller asked for something impossible.
        case invalidArgument
        /// The local file system refused.
        case fileSystem
        /// The source changed while it was read.
        case sourceChanged
        /// The satellite answered something else.
        case satelliteError
    }

    /// What kind of failure this is.
    public let code: Code
    /// What happened, naming the bucket, key, node or file.
    public let message: String
    /// What to do about it; empty when there is nothing to say.
    public let advice: String

    /// An error.
    public init(_ code: Code, _ message: String, advice: String = "") {
        self.code = code
        self.message = message
        self.advice = advice
    }
}

extension UplinkError: CustomStringConvertible {
    public var description: String { advice.isEmpty ? message : "\(message). \(advice)" }
}
