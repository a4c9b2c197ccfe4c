import Logging
import StorageModel

/// The parts of an app that every request uses.
struct WebParts: Sendable {
    let brand: String
    let settings: WebSettings
    let templates: Templates
    let assets: AssetShelf
    let sessions: any SessionStore
    let cookies: WebCookies
    let forgery: ForgeryGuard
    let policy: String
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
}
