import Contracts
import Ethereum

/// Which statements the money that arrived is for: always the oldest that are not paid yet.
enum ReceiptAllocation {
    /// Spreads receipts over statements of one source, a channel or a wallet's roots.
    ///
    /// - Parameters:
    ///   - amounts: what each statement promises, oldest first.
    ///   - receipts: oldest first.
    /// - Returns: for each statement the parts of receipts that are for it; a receipt may be split.
    static func spread(_ amounts: [TokenAmount], _ receipts: [PayoutReceipt]) -> [[PayoutReceipt]] {
        var spread = [[PayoutReceipt]](repeating: [], count: amounts.count)
        var position = 0
        var open = amounts.first ?? .zero
        for receipt in receipts {
            var rest = receipt.amount
            while rest > .zero, position < amounts.count {
                guard open > .zero else {
                    position += 1
                    open = position < amounts.count ? amounts[position] : .zero
                    continue
                }
                let part = min(rest, open)
                var share = receipt
                share.amount = part
                spread[position].append(share)
                rest = rest.subtracting(part) ?? .zero
                open = open.subtracting(part) ?? .zero
            }
        }
        return spread
    }
}
