package import Accounting
package import Accounts
package import Logging
package import Metabase
package import Orders
package import Overlay
package import StorageModel

/// The service uplinks speak to: buckets, objects, segments, and everything a client may do with them.
///
/// Each group of methods lives in a file of its own. All of them are given a caller that was authenticated, demand
/// what the request needs, check the request, and let the rooms below do the work.
/// - Source: protocol document 2.
package final class MetainfoEndpoint: Sendable {
    let metabase: Metabase
    let accounts: Accounts
    let accounting: Accounting
    let overlay: Overlay
    let issuer: OrderLimitIssuer
    let tokens: TokenSigner
    let settings: MetainfoSettings
    let authorizer: Authorizer
    let uploadLimiter: ObjectRateLimiter
    let downloadLimiter: ObjectRateLimiter
    let attributed = AttributedBuckets()
    let isQueuedForRepair: RepairLookUp
    let clock: WallClock
    let random: RandomSource
    let logger: Logger

    /// An endpoint over its rooms.
    ///
    /// - Parameters:
    ///   - issuer: signs order limits as the satellite.
    ///   - tokens: seals what clients hold; its key must outlive the process.
    ///   - isQueuedForRepair: tells which segments wait for repair; where nothing repairs, none do.
    package init(
        metabase: Metabase, accounts: Accounts, accounting: Accounting, overlay: Overlay, issuer: OrderLimitIssuer,
        tokens: TokenSigner, settings: MetainfoSettings, clock: WallClock, random: RandomSource, logger: Logger,
        isQueuedForRepair: @escaping RepairLookUp = { _, _ in [] }
    ) {
        self.metabase = metabase
        self.accounts = accounts
        self.accounting = accounting
        self.overlay = overlay
        self.issuer = issuer
        self.tokens = tokens
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
        self.isQueuedForRepair = isQueuedForRepair
        authorizer = Authorizer(accounts: accounts, settings: settings, clock: clock)
        uploadLimiter = ObjectRateLimiter(limit: settings.objectUploadRate, clock: clock)
        downloadLimiter = ObjectRateLimiter(limit: settings.objectDownloadRate, clock: clock)
    }
}
