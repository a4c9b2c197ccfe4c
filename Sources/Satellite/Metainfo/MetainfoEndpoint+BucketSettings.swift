import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Tells where the bucket's data are kept: this satellite names no places.
    func getBucketLocation(
        _ request: Metainfo_GetBucketLocationRequest, _ caller: Caller
    ) async throws -> Metainfo_GetBucketLocationResponse {
        _ = try await readableBucket(request.name, caller)
        return Metainfo_GetBucketLocationResponse()
    }

    // MARK: - Versioning

    /// Tells whether the bucket keeps versions.
    func getBucketVersioning(
        _ request: Metainfo_GetBucketVersioningRequest, _ caller: Caller
    ) async throws -> Metainfo_GetBucketVersioningResponse {
        let bucket = try await readableBucket(request.name, caller)
        var response = Metainfo_GetBucketVersioningResponse()
        response.versioning = bucket.versioning.rawValue
        return response
    }

    /// Makes the bucket keep versions, or stop keeping new ones.
    func setBucketVersioning(
        _ request: Metainfo_SetBucketVersioningRequest, _ caller: Caller
    ) async throws -> Metainfo_SetBucketVersioningResponse {
        try caller.demand(.write, bucket: Array(request.name))
        try caller.charge(.put)
        try await metabase.setVersioning(bucketLocation(request.name, caller), enabled: request.versioning)
        return Metainfo_SetBucketVersioningResponse()
    }

    // MARK: - Object Lock

    /// Tells how the bucket locks new objects.
    func getBucketObjectLockConfiguration(
        _ request: Metainfo_GetBucketObjectLockConfigurationRequest, _ caller: Caller
    ) async throws -> Metainfo_GetBucketObjectLockConfigurationResponse {
        try caller.demand(.getBucketObjectLockConfiguration, bucket: Array(request.name))
        try caller.charge(.head)
        let bucket = try await metabase.bucket(bucketLocation(request.name, caller))
        guard bucket.isLockEnabled else { throw LockRefusal.bucketHasNoLock }
        var configuration = Metainfo_ObjectLockConfiguration()
        configuration.enabled = true
        if let rule = bucket.defaultRetention { configuration.defaultRetention = Metainfo_DefaultRetention(rule) }
        var response = Metainfo_GetBucketObjectLockConfigurationResponse()
        response.configuration = configuration
        return response
    }

    /// Turns Object Lock on for good, or changes how new objects are locked.
    func setBucketObjectLockConfiguration(
        _ request: Metainfo_SetBucketObjectLockConfigurationRequest, _ caller: Caller
    ) async throws -> Metainfo_SetBucketObjectLockConfigurationResponse {
        try caller.demand(.putBucketObjectLockConfiguration, bucket: Array(request.name))
        try caller.charge(.put)
        let location = try bucketLocation(request.name, caller)
        guard request.hasConfiguration, request.configuration.enabled else {
            throw LockRefusal.invalidConfiguration("Object Lock can't be disabled")
        }
        let rule =
            request.configuration.hasDefaultRetention
            ? try request.configuration.defaultRetention.validated() : nil
        try await metabase.setLock(location, defaultRetention: rule)
        return Metainfo_SetBucketObjectLockConfigurationResponse()
    }

    // MARK: - Tags

    /// Tells the bucket's tags.
    func getBucketTagging(
        _ request: Metainfo_GetBucketTaggingRequest, _ caller: Caller
    ) async throws -> Metainfo_GetBucketTaggingResponse {
        guard settings.bucketTagging else { throw Refusal.unimplemented }
        let bucket = try await readableBucket(request.name, caller)
        guard !bucket.tags.isEmpty else { throw RPCStatusError(.tagsNotFound, "The bucket has no tags") }
        var response = Metainfo_GetBucketTaggingResponse()
        response.tags = bucket.tags.map { tag in
            var message = Metainfo_BucketTag()
            message.key = Data(tag.key.utf8)
            message.value = Data(tag.value.utf8)
            return message
        }
        return response
    }

    /// Replaces the bucket's tags.
    func setBucketTagging(
        _ request: Metainfo_SetBucketTaggingRequest, _ caller: Caller
    ) async throws -> Metainfo_SetBucketTaggingResponse {
        guard settings.bucketTagging else { throw Refusal.unimplemented }
        try caller.demand(.write, bucket: Array(request.name))
        try caller.charge(.put)
        let tags = try BucketTagRules.validate(request.tags.map { (Array($0.key), Array($0.value)) })
        try await metabase.setTags(bucketLocation(request.name, caller), tags)
        return Metainfo_SetBucketTaggingResponse()
    }

    // MARK: - Notifications

    /// Tells whom the bucket's events are sent to.
    func getBucketNotificationConfiguration(
        _ request: Metainfo_GetBucketNotificationConfigurationRequest, _ caller: Caller
    ) async throws -> Metainfo_GetBucketNotificationConfigurationResponse {
        try caller.demand(.getBucketNotificationConfiguration, bucket: Array(request.name))
        try caller.charge(.head)
        let bucket = try await metabase.bucket(bucketLocation(request.name, caller))
        var response = Metainfo_GetBucketNotificationConfigurationResponse()
        if let stored = bucket.notifications {
            response.configuration = try Metainfo_NotificationConfiguration.parse(stored)
        }
        return response
    }

    /// Keeps whom the bucket's events are to be sent to.
    func setBucketNotificationConfiguration(
        _ request: Metainfo_SetBucketNotificationConfigurationRequest, _ caller: Caller
    ) async throws -> Metainfo_SetBucketNotificationConfigurationResponse {
        try caller.demand(.putBucketNotificationConfiguration, bucket: Array(request.name))
        try caller.charge(.put)
        let location = try bucketLocation(request.name, caller)
        let stored = request.hasConfiguration ? try request.configuration.encoded() : nil
        guard stored?.count ?? 0 <= settings.maximumMetadataSize else {
            throw Refusal.invalid("the notification configuration is too large")
        }
        try await metabase.setNotifications(location, stored)
        return Metainfo_SetBucketNotificationConfigurationResponse()
    }
}

extension Metainfo_DefaultRetention {
    /// The longest default retention.
    private static let maximum: (days: Int32, years: Int32) = (36_500, 10)

    init(_ rule: DefaultRetention) {
        self.init()
        mode = rule.mode == .compliance ? .compliance : .governance
        switch rule.period {
        case .days(let days): self.days = days
        case .years(let years): self.years = years
        }
    }

    func validated() throws -> DefaultRetention {
        let mode: RetentionMode
        switch self.mode {
        case .compliance: mode = .compliance
        case .governance: mode = .governance
        default: throw LockRefusal.invalidConfiguration("invalid default retention mode")
        }
        switch duration {
        case .days(let days):
            guard (1...Self.maximum.days).contains(days) else {
                throw LockRefusal.invalidConfiguration("default retention days must be between 1 and 36500")
            }
            return DefaultRetention(mode: mode, period: .days(days))
        case .years(let years):
            guard (1...Self.maximum.years).contains(years) else {
                throw LockRefusal.invalidConfiguration("default retention years must be between 1 and 10")
            }
            return DefaultRetention(mode: mode, period: .years(years))
        case nil: throw LockRefusal.invalidConfiguration("default retention has neither days nor years")
        }
    }
}
