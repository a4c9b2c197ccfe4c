import GatewayRecords
import S3Protocol
import StorageModel

/// Who is told of what happens in a bucket.
///
/// - Source: Amazon S3 API reference, "GetBucketNotificationConfiguration": empty when nobody is.
enum GetBucketNotification {
    static func run(_ call: S3Call) async throws -> S3Response {
        guard let document = try await call.properties().documents[.notification] else {
            try await call.checkBucket()
            return .xml(XMLWriter.document("NotificationConfiguration") { _ in })
        }
        return .xml(document)
    }
}

/// Says who is told: webhooks that whoever runs the gateway has named.
///
/// - Source: Amazon S3 API reference, "PutBucketNotificationConfiguration".
enum PutBucketNotification {
    static func run(_ call: S3Call) async throws -> S3Response {
        let random = call.gateway.random
        let configuration = try NotificationConfiguration(xml: await call.requiredDocument()) {
            Hexadecimal.encode(random.bytes(count: 16))
        }
        for target in configuration.targets { try check(target, call.gateway.settings.webhooks) }
        return try await BucketDocuments.put(
            configuration.targets.isEmpty ? nil : configuration.xml(), .notification, call)
    }

    private static func check(
        _ target: NotificationConfiguration.Target, _ webhooks: [Webhook]
    ) throws(S3Error) {
        guard target.events.allSatisfy(EventName.isKnown) else {
            throw S3Error(.invalidArgument, "The event is not supported for notifications")
        }
        guard let name = Webhook.name(inARN: target.arn), webhooks.contains(where: { $0.name == name }) else {
            throw S3Error(.invalidArgument, "Unable to validate the following destination configurations")
        }
    }
}
