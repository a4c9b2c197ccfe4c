import StorageModel
import Testing
import WireMessages

@Suite struct WireTimeTests {
    @Test func `an absent moment and year 1 are not set`() throws {
        #expect(try Wire_Timestamp.value(nil) == nil)
        let year1 = try Wire_Timestamp.parse([0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01])
        #expect(try Wire_Timestamp.value(year1) == nil)
    }

    @Test func `an empty moment is 1970`() throws {
        #expect(try Wire_Timestamp.value(Wire_Timestamp()) == Timestamp(seconds: 0, nanoseconds: 0))
    }

    @Test(arguments: zip([-62_135_596_801, 253_402_300_800, 0, 0] as [Int64], [0, 0, -1, 1_000_000_000] as [Int32]))
    func `a moment out of range is refused`(seconds: Int64, nanos: Int32) {
        var field = Wire_Timestamp()
        field.seconds = seconds
        field.nanos = nanos
        #expect(throws: WireMessageError.self) { try Wire_Timestamp.value(field) }
    }

    @Test func `a moment keeps its nanoseconds`() throws {
        let moment = try #require(Timestamp(seconds: 1_767_225_600, nanoseconds: 123_456_789))
        #expect(try Wire_Timestamp.value(Wire_Timestamp(moment)) == moment)
    }

    @Test(arguments: [Duration.zero, .seconds(3600), .milliseconds(-1500), .nanoseconds(1)])
    func `a length of time survives the wire`(duration: Duration) throws {
        #expect(try Wire_Duration.value(Wire_Duration(duration)) == duration)
    }

    @Test(arguments: zip([1, -1, 0, Int64.max, Int64.min], [-1, 1, 1_000_000_000, 0, 0] as [Int32]))
    func `a length of time that cannot be is refused`(seconds: Int64, nanos: Int32) {
        var field = Wire_Duration()
        field.seconds = seconds
        field.nanos = nanos
        #expect(throws: WireMessageError.self) { try Wire_Duration.value(field) }
        #expect(Wire_Duration(.seconds(Int64.max)).nanos == 0)
    }
}
