/// How nodes prove that they hold what they are paid for.
package struct MarketSettings: Sendable {
    /// From the beginning of one period to that of the next; zero begins one only when it is triggered.
    package var period: Duration = .seconds(24 * 3600)
    /// How long nodes may take to sign; it ends as soon as all have.
    package var commitWindow: Duration = .seconds(3 * 3600)
    /// The pause before nodes that did not answer are asked again.
    package var retryInterval: Duration = .seconds(600)
    /// Chunks a node must show, in `1...4096`.
    package var sampleCount = 80
    /// How long one node may take to answer a challenge.
    package var answerTimeout: Duration = .seconds(60)
    /// Nodes asked at the same time.
    package var concurrency = 50
    /// A node is unreachable only after it was asked in vain this often, over at least half of the time there was;
    /// otherwise it was the satellite that was absent.
    package var minimumAttempts = 3
    /// When a larger share of all nodes is unreachable, it is the satellite that cannot reach anybody.
    package var outageShare = 0.5
    /// Days for which evidence is kept.
    package var evidenceDays = 90
    /// How farmers are paid for it.
    package var payment = PaymentSettings()
    /// Bytes of memory for the making of sets.
    package var setMemory = 128 << 20

    /// How what is owed arrives.
    package var payouts = PayoutSettings()

    /// The defaults.
    package init() {}
}
