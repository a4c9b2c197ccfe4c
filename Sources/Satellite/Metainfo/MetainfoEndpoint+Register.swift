package import DRPC
import Logging
import WireMessages

extension MetainfoEndpoint {
    /// Makes the service known to a router.
    package func register(in router: inout RPCRouter) {
        registerBatches(in: &router)
        registerBuckets(in: &router)
        registerObjects(in: &router)
        registerSegments(in: &router)
        registerProject(in: &router)
        add(HealthMethods.objectHealth, to: &router) { try await $0.objectHealth($1, $2) }
        registerDead(in: &router)
    }

    private func registerBatches(in router: inout RPCRouter) {
        router.unary(MetainfoMethods.batch) { request, context in
            try await self.guarded(context) { try await self.batch(request) }
        }
        router.unary(MetainfoMethods.compressedBatch) { request, context in
            try await self.guarded(context) { try await self.compressedBatch(request) }
        }
    }

    private func registerBuckets(in router: inout RPCRouter) {
        add(MetainfoMethods.createBucket, to: &router) { try await $0.createBucket($1, $2) }
        add(MetainfoMethods.getBucket, to: &router) { try await $0.getBucket($1, $2) }
        add(MetainfoMethods.deleteBucket, to: &router) { try await $0.deleteBucket($1, $2) }
        add(MetainfoMethods.listBuckets, to: &router) { try await $0.listBuckets($1, $2) }
        add(MetainfoMethods.getBucketLocation, to: &router) { try await $0.getBucketLocation($1, $2) }
        add(MetainfoMethods.getBucketTagging, to: &router) { try await $0.getBucketTagging($1, $2) }
        add(MetainfoMethods.setBucketTagging, to: &router) { try await $0.setBucketTagging($1, $2) }
        add(MetainfoMethods.getBucketVersioning, to: &router) { try await $0.getBucketVersioning($1, $2) }
        add(MetainfoMethods.setBucketVersioning, to: &router) { try await $0.setBucketVersioning($1, $2) }
        add(MetainfoMethods.getBucketObjectLockConfiguration, to: &router) {
            try await $0.getBucketObjectLockConfiguration($1, $2)
        }
        add(MetainfoMethods.setBucketObjectLockConfiguration, to: &router) {
            try await $0.setBucketObjectLockConfiguration($1, $2)
        }
        add(MetainfoMethods.getBucketNotificationConfiguration, to: &router) {
            try await $0.getBucketNotificationConfiguration($1, $2)
        }
        add(MetainfoMethods.setBucketNotificationConfiguration, to: &router) {
            try await $0.setBucketNotificationConfiguration($1, $2)
        }
    }

    private func registerObjects(in router: inout RPCRouter) {
        // Outside a batch an upload may get any number of parts.
        add(MetainfoMethods.beginObject, to: &router) { try await $0.beginObject($1, $2, isMultipart: true) }
        add(MetainfoMethods.commitObject, to: &router) { try await $0.commitObject($1, $2) }
        add(MetainfoMethods.getObject, to: &router) { try await $0.getObject($1, $2) }
        add(MetainfoMethods.listObjects, to: &router) { try await $0.listObjects($1, $2) }
        add(MetainfoMethods.beginDeleteObject, to: &router) { try await $0.beginDeleteObject($1, $2) }
        add(MetainfoMethods.deleteObjects, to: &router) { try await $0.deleteObjects($1, $2) }
        add(MetainfoMethods.getObjectIPs, to: &router) { try await $0.getObjectIPs($1, $2) }
        add(MetainfoMethods.listPendingObjectStreams, to: &router) { try await $0.listPendingObjectStreams($1, $2) }
        add(MetainfoMethods.downloadObject, to: &router) { try await $0.downloadObject($1, $2) }
        add(MetainfoMethods.getPendingObjectMetadata, to: &router) { try await $0.getPendingObjectMetadata($1, $2) }
        add(MetainfoMethods.updateObjectMetadata, to: &router) { try await $0.updateObjectMetadata($1, $2) }
        add(MetainfoMethods.getObjectRetention, to: &router) { try await $0.getObjectRetention($1, $2) }
        add(MetainfoMethods.setObjectRetention, to: &router) { try await $0.setObjectRetention($1, $2) }
        add(MetainfoMethods.getObjectLegalHold, to: &router) { try await $0.getObjectLegalHold($1, $2) }
        add(MetainfoMethods.setObjectLegalHold, to: &router) { try await $0.setObjectLegalHold($1, $2) }
    }

    private func registerSegments(in router: inout RPCRouter) {
        add(MetainfoMethods.beginSegment, to: &router) { try await $0.beginSegment($1, $2) }
        add(MetainfoMethods.retryBeginSegmentPieces, to: &router) { try await $0.retryBeginSegmentPieces($1, $2) }
        add(MetainfoMethods.commitSegment, to: &router) { try await $0.commitSegment($1, $2) }
        add(MetainfoMethods.makeInlineSegment, to: &router) { try await $0.makeInlineSegment($1, $2) }
        add(MetainfoMethods.listSegments, to: &router) { try await $0.listSegments($1, $2) }
        add(MetainfoMethods.downloadSegment, to: &router) { try await $0.downloadSegment($1, $2) }
        // Parts are replaced by uploading them again; the method is kept for old clients and changes nothing.
        router.unary(MetainfoMethods.deletePart) { _, _ in Metainfo_DeletePartResponse() }
    }

    private func registerProject(in router: inout RPCRouter) {
        add(MetainfoMethods.projectInfo, to: &router) { try await $0.projectInfo($1, $2) }
        add(MetainfoMethods.revokeAPIKey, to: &router) { try await $0.revokeAPIKey($1, $2) }
        add(MetainfoMethods.accountLicenses, to: &router) { try await $0.accountLicenses($1, $2) }
        add(MetainfoMethods.beginMoveObject, to: &router) { try await $0.beginMoveObject($1, $2) }
        add(MetainfoMethods.finishMoveObject, to: &router) { try await $0.finishMoveObject($1, $2) }
        add(MetainfoMethods.beginCopyObject, to: &router) { try await $0.beginCopyObject($1, $2) }
        add(MetainfoMethods.finishCopyObject, to: &router) { try await $0.finishCopyObject($1, $2) }
    }

    /// Methods of the past, which the field answers so too.
    private func registerDead(in router: inout RPCRouter) {
        for name in ["FinishDeleteObject", "BeginDeleteSegment", "FinishDeleteSegment"] {
            router.unimplemented(path: "/metainfo.Metainfo/\(name)")
        }
    }

    private func add<Request: AuthenticatedRequest, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, to router: inout RPCRouter,
        _ handler: @escaping @Sendable (MetainfoEndpoint, Request, Caller) async throws -> Response
    ) {
        router.unary(method) { request, context in
            try await self.guarded(context) {
                try await handler(self, request, self.authorizer.authenticate(request.presentHeader))
            }
        }
    }

    /// Runs a method and turns what a room below refuses into the status clients know.
    private func guarded<Response>(
        _ context: RPCContext, _ body: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await body()
        } catch {
            let status = StatusMapping.status(of: error)
            if status.code == .internal {
                logger.warning("metainfo call failed", metadata: ["rpc": "\(context.path)", "error": "\(error)"])
            }
            throw status
        }
    }
}
