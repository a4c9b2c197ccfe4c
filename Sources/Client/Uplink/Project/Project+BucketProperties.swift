import Foundation
import WireMessages

extension Project {
    /// Where a bucket's content lies, in the satellite's words; empty when it says nothing.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.unsupported`.
    public func location(ofBucket name: String) async throws -> String {
        var request = Metainfo_GetBucketLocationRequest()
        request.name = try Self.bucketName(name)
        let answer = try await metainfo.call(
            MetainfoMethods.getBucketLocation, request, CallSubject(.getBucketProperty, bucket: name))
        return String(decoding: answer.location, as: UTF8.self)
    }

    /// The labels of a bucket.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.unsupported`.
    public func tags(ofBucket name: String) async throws -> [BucketTag] {
        var request = Metainfo_GetBucketTaggingRequest()
        request.name = try Self.bucketName(name)
        let answer = try await metainfo.call(
            MetainfoMethods.getBucketTagging, request, CallSubject(.getBucketProperty, bucket: name),
            nothingOn: .tagsNotFound)
        return (answer?.tags ?? []).map { tag in
            BucketTag(
                key: String(decoding: tag.key, as: UTF8.self), value: String(decoding: tag.value, as: UTF8.self))
        }
    }

    /// Replaces all labels of a bucket.
    ///
    /// - Parameter tags: at most 50, with different keys.
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.invalidArgument`, `.unsupported`.
    public func setTags(_ tags: [BucketTag], ofBucket name: String) async throws {
        var request = Metainfo_SetBucketTaggingRequest()
        request.name = try Self.bucketName(name)
        request.tags = tags.map { tag in
            var message = Metainfo_BucketTag()
            message.key = Data(tag.key.utf8)
            message.value = Data(tag.value.utf8)
            return message
        }
        _ = try await metainfo.call(
            MetainfoMethods.setBucketTagging, request, CallSubject(.setBucketProperty, bucket: name))
    }

    /// Whether a bucket keeps what is overwritten or deleted.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`.
    public func versioning(ofBucket name: String) async throws -> BucketVersioning {
        let subject = CallSubject(.getBucketProperty, bucket: name)
        var request = Metainfo_GetBucketVersioningRequest()
        request.name = try Self.bucketName(name)
        let answer = try await metainfo.call(MetainfoMethods.getBucketVersioning, request, subject)
        guard let versioning = BucketVersioning(rawValue: Int(answer.versioning)) else {
            throw UplinkError.badAnswer("versioning \(answer.versioning) is unknown", about: subject)
        }
        return versioning
    }

    /// Makes a bucket keep what is overwritten or deleted, or stop doing so for what comes.
    ///
    /// - Parameter isEnabled: false suspends it, which is only possible after it was enabled.
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.invalidArgument`.
    public func setVersioning(_ isEnabled: Bool, ofBucket name: String) async throws {
        var request = Metainfo_SetBucketVersioningRequest()
        request.name = try Self.bucketName(name)
        request.versioning = isEnabled
        _ = try await metainfo.call(
            MetainfoMethods.setBucketVersioning, request, CallSubject(.setBucketProperty, bucket: name))
    }

    /// The object lock of a bucket; nil when it has none.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.unsupported`.
    public func objectLock(ofBucket name: String) async throws -> BucketObjectLock? {
        var request = Metainfo_GetBucketObjectLockConfigurationRequest()
        request.name = try Self.bucketName(name)
        let answer = try await metainfo.call(
            MetainfoMethods.getBucketObjectLockConfiguration, request, CallSubject(.getBucketProperty, bucket: name),
            nothingOn: .objectLockBucketRetentionConfigurationMissing)
        guard let answer, answer.hasConfiguration, answer.configuration.enabled else { return nil }
        return BucketObjectLock(answer.configuration)
    }

    /// Switches the object lock of a bucket on, or changes for how long new objects are locked. It stays on for ever.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`, `.unsupported`; `.invalidArgument` in a bucket without
    ///   versions.
    public func setObjectLock(_ lock: BucketObjectLock, ofBucket name: String) async throws {
        var request = Metainfo_SetBucketObjectLockConfigurationRequest()
        request.name = try Self.bucketName(name)
        request.configuration = try lock.message()
        _ = try await metainfo.call(
            MetainfoMethods.setBucketObjectLockConfiguration, request,
            CallSubject(.setBucketProperty, bucket: name))
    }
}

extension BucketObjectLock {
    fileprivate init(_ message: Metainfo_ObjectLockConfiguration) {
        self.init()
        guard message.hasDefaultRetention else { return }
        let mode: Retention.Mode
        switch message.defaultRetention.mode {
        case .compliance: mode = .compliance
        case .governance: mode = .governance
        default: return
        }
        switch message.defaultRetention.duration {
        case .days(let days): defaultRetention = DefaultRetention(mode: mode, period: .days(Int(days)))
        case .years(let years): defaultRetention = DefaultRetention(mode: mode, period: .years(Int(years)))
        case nil: return
        }
    }

    fileprivate func message() throws(UplinkError) -> Metainfo_ObjectLockConfiguration {
        var message = Metainfo_ObjectLockConfiguration()
        message.enabled = true
        guard let defaultRetention else { return message }
        switch defaultRetention.mode {
        case .compliance: message.defaultRetention.mode = .compliance
        case .governance: message.defaultRetention.mode = .governance
        }
        switch defaultRetention.period {
        case .days(let days) where (1...36_500).contains(days):
            message.defaultRetention.duration = .days(Int32(days))
        case .years(let years) where (1...10).contains(years):
            message.defaultRetention.duration = .years(Int32(years))
        default: throw UplinkError(.invalidArgument, "a default retention lasts 1 to 36500 days or 1 to 10 years")
        }
        return message
    }
}
