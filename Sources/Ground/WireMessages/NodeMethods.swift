/// What a satellite offers to storage nodes that keep in touch.
///
/// - Source: protocol document 3 §5.1.
package enum NodeMethods {
    /// Tells the satellite the node's address, version and space; the satellite pings back.
    package static let checkIn = RPCMethod<Node_CheckInRequest, Node_CheckInResponse>(path: "/contact.Node/CheckIn")
    /// The satellite's clock.
    package static let getTime = RPCMethod<Node_GetTimeRequest, Node_GetTimeResponse>(path: "/contact.Node/GetTime")
    /// Asks for a ping on a transport.
    package static let pingMe = RPCMethod<Node_PingMeRequest, Node_PingMeResponse>(path: "/contact.Node/PingMe")
    /// The node's own report of lost pieces.
    package static let amnestyReport = RPCMethod<Node_AmnestyReportRequest, Node_AmnestyReportResponse>(
        path: "/contact.Node/AmnestyReport")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [checkIn.path, getTime.path, pingMe.path, amnestyReport.path]
}

/// How nodes hand in their orders.
///
/// - Source: protocol document 3 §4.2.
package enum OrdersMethods {
    /// The orders of one hour: messages up, one answer.
    package static let settlementWithWindow = RPCMethod<SettlementRequest, Orders_SettlementWithWindowResponse>(
        path: "/orders.Orders/SettlementWithWindow")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [settlementWithWindow.path]
}

/// What a satellite tells a node about itself.
///
/// - Source: protocol document 3 §7.3.
package enum NodeStatsMethods {
    /// Reputation and life cycle.
    package static let getStats = RPCMethod<NodeStats_GetStatsRequest, NodeStats_GetStatsResponse>(
        path: "/nodestats.NodeStats/GetStats")
    /// Stored byte-hours a day.
    package static let dailyStorageUsage = RPCMethod<
        NodeStats_DailyStorageUsageRequest, NodeStats_DailyStorageUsageResponse
    >(path: "/nodestats.NodeStats/DailyStorageUsage")
    /// Prices.
    package static let pricingModel = RPCMethod<NodeStats_PricingModelRequest, NodeStats_PricingModelResponse>(
        path: "/nodestats.NodeStats/PricingModel")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [getStats.path, dailyStorageUsage.path, pricingModel.path]
}

/// What a satellite tells a node about its pay.
///
/// - Source: protocol document 3 §7.2.
package enum HeldAmountMethods {
    /// The statement of one month.
    package static let getPayStub = RPCMethod<HeldAmount_GetPayStubRequest, HeldAmount_GetPayStubResponse>(
        path: "/heldamount.HeldAmount/GetPayStub")
    /// All statements.
    package static let getAllPaystubs = RPCMethod<HeldAmount_GetAllPaystubsRequest, HeldAmount_GetAllPaystubsResponse>(
        path: "/heldamount.HeldAmount/GetAllPaystubs")
    /// The payment of one month.
    package static let getPayment = RPCMethod<HeldAmount_GetPaymentRequest, HeldAmount_GetPaymentResponse>(
        path: "/heldamount.HeldAmount/GetPayment")
    /// All payments.
    package static let getAllPayments = RPCMethod<HeldAmount_GetAllPaymentsRequest, HeldAmount_GetAllPaymentsResponse>(
        path: "/heldamount.HeldAmount/GetAllPayments")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [
        getPayStub.path, getAllPaystubs.path, getPayment.path, getAllPayments.path,
    ]
}

/// How a node leaves a satellite.
///
/// - Source: protocol document 3 §6.6.
package enum GracefulExitMethods {
    /// The node asks, the satellite sends one message: messages both ways.
    package static let process = RPCMethod<GracefulExit_StorageNodeMessage, GracefulExit_SatelliteMessage>(
        path: "/gracefulexit.SatelliteGracefulExit/Process")
    /// Whether the node is old enough to leave.
    package static let feasibility = RPCMethod<
        GracefulExit_GracefulExitFeasibilityRequest, GracefulExit_GracefulExitFeasibilityResponse
    >(path: "/gracefulexit.SatelliteGracefulExit/GracefulExitFeasibility")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [process.path, feasibility.path]
}
