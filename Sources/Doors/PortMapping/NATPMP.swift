package import StorageModel

/// The messages of NAT-PMP.
///
/// - Source: RFC 6886.
package enum NATPMP {
    /// Where routers listen.
    package static let port = 5351
    private static let answerBit: UInt8 = 128
    private static let addressOperation: UInt8 = 0
    private static let mapTCPOperation: UInt8 = 2

    /// Asks for the address the router has outside (section 3.2).
    package static let addressQuestion: [UInt8] = [0, addressOperation]

    /// Asks for a TCP port (section 3.3); a lifetime of 0 gives it back.
    ///
    /// - Parameters:
    ///   - external: the port to have if it is free; 0 for any.
    ///   - lifetime: in seconds.
    package static func mapQuestion(internal port: UInt16, external: UInt16, lifetime: UInt32) -> [UInt8] {
        [0, mapTCPOperation, 0, 0] + bytes(port) + bytes(external) + bytes(lifetime)
    }

    /// The address in an answer; nil when the answer is to something else.
    ///
    /// - Throws: `PortMappingError.refused`.
    package static func address(in answer: [UInt8]) throws(PortMappingError) -> IPAddress? {
        guard try succeeded(answer, addressOperation, count: 12) else { return nil }
        return IPAddress(bytes: Array(answer[8..<12]))
    }

    /// The outer port and the lifetime in seconds for an inner port; nil when the answer is to something else.
    ///
    /// - Throws: `PortMappingError.refused`.
    package static func mapping(
        in answer: [UInt8], internal port: UInt16
    ) throws(PortMappingError) -> (external: UInt16, lifetime: UInt32)? {
        guard try succeeded(answer, mapTCPOperation, count: 16), Array(answer[8..<10]) == bytes(port) else { return nil }
        return (
            UInt16(answer[10]) << 8 | UInt16(answer[11]), answer[12..<16].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        )
    }

    /// Whether this is a good answer to an operation; false when it is none to it at all.
    private static func succeeded(_ answer: [UInt8], _ operation: UInt8, count: Int) throws(PortMappingError) -> Bool {
        guard answer.count >= 4, answer[0] == 0 else { return false }
        // A router that does not know an operation or the version says so in four bytes or more (section 3.5).
        guard answer[1] == operation | answerBit else { return false }
        let result = UInt16(answer[2]) << 8 | UInt16(answer[3])
        guard result == 0 else { throw .refused(.natPMP, words(result)) }
        return answer.count >= count
    }

    private static func words(_ result: UInt16) -> String {
        switch result {
        case 1: "it speaks another version"
        case 2: "mapping ports is switched off"
        case 3: "it has no address outside itself yet"
        case 4: "it has no room for more"
        case 5: "it does not know how"
        default: "result \(result)"
        }
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
