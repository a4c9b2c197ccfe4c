import DRPCWire
import NIOCore
import TestSupport

/// The shape of `drpc.json`.
struct DRPCVectors: Decodable {
    struct Frame: Decodable {
        let control: Bool
        let data_hex: HexBytes
        let done: Bool
        let encoded_hex: HexBytes
        let kind: UInt8
        let message: String
        let stream: String
    }

    struct Failure: Decodable {
        let code: UInt64
        let data_hex: HexBytes
        let message: String
    }

    struct Metadata: Decodable {
        let data_hex: HexBytes
        let map: [String: String]
    }

    struct ReadPacket: Decodable {
        let control: Bool
        let data_hex: HexBytes
        let kind: UInt8
        let message: UInt64
        let stream: UInt64

        var packet: Packet? {
            PacketKind(rawValue: kind).map {
                Packet(
                    id: PacketID(stream: stream, message: message), kind: $0, isControl: control,
                    data: ByteBuffer(bytes: data_hex.bytes))
            }
        }
    }

    struct ReaderCase: Decodable {
        let name: String
        let error: String?
        let packets: [ReadPacket]?
        let stream_hex: HexBytes
    }

    struct Split: Decodable {
        struct Part: Decodable {
            let done: Bool
            let len: Int
        }
        let frames: [Part]
        let packet_len: Int
        let split_size: Int
    }

    struct VarintCase: Decodable {
        let hex: HexBytes
        let value: String
    }

    struct Exchange: Decodable {
        struct Frame: Decodable {
            let control: Bool
            let done: Bool
            let kind: UInt8
            let len: Int
            let message: UInt64
            let stream: UInt64
        }
        let name: String
        let client_frames: [Frame]
        let server_frames: [Frame]?
        let client_writes_hex: [HexBytes]
        let server_writes_hex: [HexBytes]?
        let client_error_code: UInt64?
        let client_result: String
    }

    let frames: [Frame]
    let errors: [Failure]
    let metadata: [Metadata]
    let reader_cases: [ReaderCase]
    let split: [Split]
    let varints: [VarintCase]
    let exchanges: [Exchange]

    static func load() throws -> DRPCVectors {
        try Vectors.decode(DRPCVectors.self, from: "drpc.json")
    }
}

extension PacketReader {
    /// Everything in `bytes`, given in lumps of `lumpSize`, and the error that ended it.
    static func readAll(_ bytes: [UInt8], lumpSize: Int, limit: Int = maximumPacketSize) -> ([Packet], ProtocolError?) {
        var reader = PacketReader(limit: limit)
        var packets: [Packet] = []
        for start in stride(from: 0, to: bytes.count, by: lumpSize) {
            var lump = ByteBuffer(bytes: bytes[start..<min(start + lumpSize, bytes.count)])
            do throws(ProtocolError) {
                while let packet = try reader.read(&lump) { packets.append(packet) }
            } catch {
                return (packets, error)
            }
        }
        return (packets, nil)
    }
}
