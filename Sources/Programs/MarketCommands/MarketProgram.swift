package import ArgumentParser

/// What anybody types to look at a market and to check what is paid in it.
package enum MarketProgram {
    /// Below `storj verify`.
    package static let verifyCommands: [any ParsableCommand.Type] = [
        VerifyPaymentCommand.self, VerifyPayoutCommand.self, VerifyInvoiceCommand.self, VerifyManifestCommand.self,
    ]
    /// Below `storj`.
    package static let commands: [any ParsableCommand.Type] = [ShowMarketCommand.self]
}
