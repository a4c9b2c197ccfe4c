package import ArgumentParser

/// What operators type at a running server.
package enum OperatorProgram {
    /// Below `storj satellite`, in the order in which help lists them.
    package static let satelliteCommands: [any ParsableCommand.Type] = [
        SatelliteStatusCommand.self, DurabilityCommand.self, NodesCommand.self, NodeDetailsCommand.self,
        EventsCommand.self, AuditsCommand.self, RepairCommand.self, HeartbeatsCommand.self, ChoresCommand.self, MarketCommand.self,
        StatementsCommand.self, FarmersCommand.self, ChannelsCommand.self, LedgerCommand.self, PayoutsCommand.self,
        GarbageCommand.self,
        MetricsCommand.self,
        BillingCommand.self, InvoiceCommand.self, DepositsCommand.self, CouponCommand.self, FreezeCommand.self,
        UnfreezeCommand.self, QuoteCommand.self, PartnerCommand.self, OperatorsCommand.self,
    ]

    /// Below `storj node`, in the order in which help lists them.
    package static let nodeCommands: [any ParsableCommand.Type] = [
        NodeStatusCommand.self, NodeScrubCommand.self, DrainCommand.self, UndrainCommand.self, NodeExitCommand.self,
        NodeTrashCommand.self, NodePriceCommand.self, NodeEarningsCommand.self, NodeVouchersCommand.self,
        NodeClaimCommand.self, NodeWalletCommand.self, NodeSendCommand.self,
    ]
}
