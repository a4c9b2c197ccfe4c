import Contracts
import StorageModel
import StorageNode
import StorjShare
import TestSupport
import Testing

@Suite struct ShareValuesTests {
    private let satellite = NodeID.random(using: .seeded(1))

    @Test func `a farm is a list of names, addresses and tokens`() throws {
        let members = try FarmMember.parse("cellar=http://10.0.0.2:14002#secret attic=https://attic.example.org/\n# note")
        #expect(
            members == [
                FarmMember(name: "cellar", url: "http://10.0.0.2:14002", token: "secret"),
                FarmMember(name: "attic", url: "https://attic.example.org", token: ""),
            ])
        for text in ["cellar", "=http://a", "cellar=ftp://a", "a=http://b a=http://c"] {
            #expect(throws: FarmMemberError.self, "\(text)") { try FarmMember.parse(text) }
        }
        // A token is never part of what is said about a bad entry.
        let error = #expect(throws: FarmMemberError.self) { try FarmMember.parse("a=ftp://b#secret") }
        #expect(error.map { !"\($0)".contains("secret") } == true)
    }

    @Test func `months begin and end in UTC`() {
        // 1 March 2026, 00:30.
        let now = Timestamp(microseconds: 1_772_325_000_000_000)
        let (march, february) = (SnoSums.Month(of: now), SnoSums.Month(of: now, back: 1))
        #expect(march.start == 1_772_323_200)
        #expect(february.end == march.start)
        #expect(march.start - february.start == 28 * 86400)
        #expect(SnoSums.Month(of: now, back: 3).end - SnoSums.Month(of: now, back: 3).start == 31 * 86400)
    }

    @Test func `a month's pay is what was stored and sent, at the sheet's prices`() {
        let month = SnoSums.Month(of: Timestamp(microseconds: 1_772_325_000_000_000))
        let traffic = [
            TrafficRow(satellite: satellite, start: month.start, action: 2, bytes: 500_000_000_000, transfers: 1),
            TrafficRow(satellite: satellite, start: month.start - 1, action: 2, bytes: 1, transfers: 1),
        ]
        let space = [
            SpaceRow(
                satellite: satellite, start: month.start, byteHours: 720_000_000_000_000, content: 0, live: 0, trash: 0,
                pieces: 0)
        ]
        let pay = SnoSums.payout(month, traffic: traffic, space: space, prices: .standard)
        #expect(pay.egressBandwidth == 500_000_000_000)
        #expect(pay.egressBandwidthPayout == 100)
        #expect(pay.diskSpacePayout == 150)
        #expect(pay.payout == 250)
    }

    @Test func `the forecast is what is stored for a month and the traffic made a month`() throws {
        let prices = FarmerPrices(
            denomination: .microUSD, storage: 1_500_000, egress: 2_000_000, repair: 1_000_000, audit: 0)
        let traffic = [
            TrafficRow(satellite: satellite, start: 0, action: 2, bytes: 100_000_000_000, transfers: 1),
            TrafficRow(satellite: satellite, start: 0, action: 4, bytes: 10_000_000_000, transfers: 1),
            TrafficRow(satellite: satellite, start: 0, action: 1, bytes: 999_000_000_000, transfers: 1),
        ]
        let forecast = try #require(
            EarningsForecast(prices: prices, storedBytes: 2_000_000_000_000, traffic: traffic, days: 3))
        #expect(forecast.storage == 3_000_000)
        #expect(forecast.egress == 2_000_000)
        #expect(forecast.repair == 100_000)
        #expect(forecast.total == 5_100_000)
        #expect(EarningsForecast(prices: prices, storedBytes: 0, traffic: [], days: 0)?.total == 0)
    }
}
