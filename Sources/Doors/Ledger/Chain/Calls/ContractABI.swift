import Ethereum

/// The functions, views and events of our contracts.
///
/// - Source: economy design §7; contracts/*.vy.
enum ContractABI {
    static let channel = ABIType.tuple([.address, .address, .address, .uint(256), .fixedBytes(32)])
    static let voucher = ABIType.tuple([
        channel, .uint(256), .uint(256), .fixedBytes(32), .fixedBytes(32), .fixedBytes(32), .uint(256),
    ])
    static let payout = ABIType.tuple([.address, .address, .uint(256), .array(.fixedBytes(32))])
    static let terms = ABIType.tuple(
        [.address, .address, .address, .fixedBytes(32)] + [ABIType](repeating: .uint(256), count: 9) + [.fixedBytes(32)])
    static let proof = ABIType.tuple([
        .fixedBytes(32), .uint(256), .uint(256), .bytes, .array(.fixedBytes(32)), .array(.fixedBytes(32)),
        .array(.uint(256)),
    ])
    private static let signature: [ABIType] = [.fixedBytes(32), .fixedBytes(32), .uint(256)]

    static let token = ABISignature("token", [])
    static let verifier = ABISignature("verifier", [])

    enum Channels {
        static let open = ABISignature("open", [channel, .uint(256)])
        static let openMany = ABISignature("openMany", [.array(channel), .uint(256)])
        static let topUp = ABISignature("topUp", [.fixedBytes(32), .uint(256)])
        static let claim = ABISignature("claim", [voucher])
        static let claimMany = ABISignature("claimMany", [.array(voucher)])
        static let startClose = ABISignature("startClose", [channel])
        static let finishClose = ABISignature("finishClose", [channel])
        static let farmerClose = ABISignature("farmerClose", [channel])
        static let state = ABISignature("channel", [.fixedBytes(32)])

        static let opened = ABISignature(
            "Opened", [.fixedBytes(32), .address, .address, .address, .uint(256), .fixedBytes(32), .uint(256)])
        static let toppedUp = ABISignature("ToppedUp", [.fixedBytes(32), .uint(256), .uint(256)])
        static let claimed = ABISignature(
            "Claimed", [.fixedBytes(32), .address, .uint(256), .uint(256), .uint(256), .fixedBytes(32)])
        static let closing = ABISignature("Closing", [.fixedBytes(32), .uint(256)])
        static let closed = ABISignature("Closed", [.fixedBytes(32), .uint(256)])
    }

    enum Payouts {
        static let fund = ABISignature("fund", [.address, .uint(256)])
        static let anchor = ABISignature(
            "anchor", [.uint(256), .fixedBytes(32), .fixedBytes(32), .uint(256), .uint(256)])
        static let claim = ABISignature("claim", [payout])
        static let claimMany = ABISignature("claimMany", [.array(payout)])
        static let state = ABISignature("payout", [.address])
        static let paidTo = ABISignature("paid", [.address, .address])

        static let funded = ABISignature("Funded", [.address, .uint(256), .uint(256)])
        static let anchored = ABISignature(
            "Anchored", [.address, .uint(256), .fixedBytes(32), .fixedBytes(32), .uint(256), .uint(256)])
        static let paid = ABISignature("Paid", [.address, .address, .uint(256), .uint(256)])
    }

    enum Agreements {
        static let open = ABISignature("open", [terms] + signature)
        static let arm = ABISignature("arm", [.uint(256)])
        static let seal = ABISignature("seal", [.uint(256)])
        static let prove = ABISignature("prove", [terms, .uint(256), proof])
        static let settle = ABISignature("settle", [terms, .uint(256)] + signature)
        static let reclaim = ABISignature("reclaim", [terms])
        static let finish = ABISignature("finish", [terms])
        static let withdraw = ABISignature("withdraw", [])
        static let state = ABISignature("agreement", [.fixedBytes(32)])
        static let beacon = ABISignature("beacon", [.uint(256)])
        static let credit = ABISignature("credit", [.address])

        static let opened = ABISignature("AgreementOpened", [.fixedBytes(32), .address, .address])
        static let armed = ABISignature("BeaconArmed", [.uint(256), .uint(256)])
        static let sealed = ABISignature("BeaconSealed", [.uint(256), .fixedBytes(32)])
        static let heartbeat = ABISignature(
            "Heartbeat", [.fixedBytes(32), .address, .uint(256), .uint(256), .fixedBytes(32)])
        static let settled = ABISignature("Settled", [.fixedBytes(32), .uint(256), .uint(256)])
        static let missed = ABISignature("Missed", [.fixedBytes(32), .uint(256), .uint(256), .uint(256)])
        static let finished = ABISignature("Finished", [.fixedBytes(32)])
    }
}
