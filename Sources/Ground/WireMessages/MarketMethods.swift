/// What nodes, customers and strangers ask of a satellite about money. Our own.
package enum MarketMethods {
    /// Names the node's wallet and prices.
    package static let register = RPCMethod<Market_RegisterRequest, Market_RegisterResponse>(
        path: "/market.Market/Register")
    /// What the satellite stands for: identity, tokens, contracts, prices.
    package static let manifest = RPCMethod<Market_ManifestRequest, Market_ManifestResponse>(
        path: "/market.Market/Manifest")
    /// All offers of the market.
    package static let offers = RPCMethod<Market_OffersRequest, Market_OffersResponse>(path: "/market.Market/Offers")
    /// Names of published files.
    package static let listFiles = RPCMethod<Market_ListFilesRequest, Market_ListFilesResponse>(
        path: "/market.Market/ListFiles")
    /// A published file, in parts.
    package static let getFile = RPCMethod<Market_GetFileRequest, Market_FilePart>(path: "/market.Market/GetFile")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [
        register.path, manifest.path, offers.path, listFiles.path, getFile.path,
    ]
}

/// What a payer, a satellite or a customer, asks of a farmer's node. Our own.
package enum FarmerMethods {
    /// What a period earned, with the voucher that pays it.
    package static let deliver = RPCMethod<Market_StatementRequest, Market_StatementResponse>(
        path: "/market.Farmer/Deliver")
    /// The highest voucher the payer ever signed.
    package static let highestVoucher = RPCMethod<Market_HighestVoucherRequest, Market_HighestVoucherResponse>(
        path: "/market.Farmer/HighestVoucher")
    /// Terms to sign.
    package static let agree = RPCMethod<Market_AgreementRequest, Market_AgreementResponse>(
        path: "/market.Farmer/Agree")
    /// The payer's word that periods of an agreement are due.
    package static let receipt = RPCMethod<Market_ReceiptRequest, Market_ReceiptResponse>(
        path: "/market.Farmer/Receipt")

    /// What the node asks of a customer without a satellite.
    package static let offer = RPCMethod<Market_OfferRequest, Market_OfferResponse>(path: "/market.Farmer/Offer")
    /// Who such a customer is, and from which channel it pays.
    package static let hire = RPCMethod<Market_HireRequest, Market_HireResponse>(path: "/market.Farmer/Hire")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [
        deliver.path, highestVoucher.path, agree.path, receipt.path, offer.path, hire.path,
    ]
}
