import ClientCommands
import Contracts
import Foundation

/// What a big cloud asks by its public list, as somebody read it.
package struct CloudPrice: Hashable, Sendable, Encodable {
    /// The product, as people call it.
    package var name: String
    /// Micro-dollars for 10¹² bytes over a month.
    package var storage: UInt64
    /// Micro-dollars for 10¹² bytes sent to the internet.
    package var egress: UInt64
    /// Where it can be read, and when it was.
    package var source: String

    /// A list.
    package init(name: String, storage: UInt64, egress: UInt64, source: String) {
        self.name = name
        self.storage = storage
        self.egress = egress
        self.source = source
    }

    /// First tier, first region of each list. They change: give your own with `--clouds`.
    package static let known = [
        CloudPrice(
            name: "Amazon S3 Standard", storage: 23_000_000, egress: 90_000_000,
            source: "aws.amazon.com/s3/pricing, us-east-1, first tier, as of 2025"),
        CloudPrice(
            name: "Google Cloud Storage Standard", storage: 20_000_000, egress: 120_000_000,
            source: "cloud.google.com/storage/pricing, us-central1, first tier, as of 2025"),
        CloudPrice(
            name: "Azure Blob Hot LRS", storage: 18_000_000, egress: 87_000_000,
            source: "azure.microsoft.com/pricing/details/storage/blobs, first tier, as of 2025"),
    ]

    /// Reads lines `name; dollars for a TB-month; dollars for a TB sent; source`. Empty lines and those that begin with #
    /// are left out.
    ///
    /// - Throws: `CommandFailure` naming the line.
    package static func parse(_ text: String) throws -> [CloudPrice] {
        var prices: [CloudPrice] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            let fields = trimmed.split(separator: ";", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard fields.count == 4, !fields[0].isEmpty, !fields[3].isEmpty, let storage = USDAmount(fields[1]),
                let egress = USDAmount(fields[2]), storage > .zero, egress >= .zero
            else {
                throw CommandFailure(
                    .settings, "line \(number + 1): \"name; dollars for a TB-month; dollars for a TB sent; source\" is expected")
            }
            prices.append(
                CloudPrice(
                    name: fields[0], storage: UInt64(clamping: storage.micro), egress: UInt64(clamping: egress.micro),
                    source: fields[3]))
        }
        return prices
    }
}
