package import StorageModel
package import WireMessages

/// Who knows what nodes are paid: the market, where there is one.
package protocol PayBooks: Sendable {
    /// A node's prices in cents; nil when nobody knows them now.
    func prices(of node: NodeID) async throws -> NodeStats_PricingModelResponse?
    /// A node's months, oldest first; `period` is the month's first second.
    func paystubs(of node: NodeID) async throws -> [HeldAmount_GetPayStubResponse]
    /// What arrived, by month, oldest first.
    func payments(of node: NodeID) async throws -> [HeldAmount_GetPaymentResponse]
}
