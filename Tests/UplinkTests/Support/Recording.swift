import AccessGrants
import Foundation
import StorageModel
import TestSupport
import Uplink
import WireMessages

/// What a real client and the Go satellite said to each other, one file an operation.
struct Recording: Decodable {
    struct RPC: Decodable {
        struct Item: Decodable {
            let hex: HexBytes?
        }

        struct Message: Decodable {
            let hex: HexBytes?
            let items: [Item]?
        }

        struct Failure: Decodable {
            let code: UInt64
            let text: String
        }

        let path: String
        let request: Message?
        let response: Message?
        let error: Failure?
    }

    let rpcs: [RPC]

    /// The grant of the recordings' whole project.
    static let grant =
        "12edqyLm1d9uMEmex4ZamezhUAxs2nrYsaLNaGsTLFpYAGdYvesMJRzdmpoNzG8EWX7wLvwqjAXT2EZP6MMJWeqbYAbEa92y13aLprugmYy31rbv5mC5Jj9ixPwwKg7fkdBbEruf76BWSqUDsSMCjosZTf7qKefUdgBeWia3nDUJcqJhwvFGiPVpxcJ3z48JbWVnCDpAyFpd7D2YxnSzZGDoi6REBgFnUx5Sdb9V5B5fotC9eTSxpmRMg2M"

    /// The recording in `Tests/Vectors/transcripts`.
    init(_ name: String) throws {
        self = try Vectors.decode(Recording.self, from: "transcripts/\(name).json")
    }

    /// A satellite that answers as some calls of the recording were answered.
    func satellite(_ calls: [Int]) throws -> ScriptedSatellite {
        let answers = calls.map { index -> ScriptedSatellite.Answer in
            if let error = rpcs[index].error {
                return .refusal(RPCStatusError(RPCStatusCode(rawValue: error.code), error.text))
            }
            return .bytes(rpcs[index].response?.hex?.bytes ?? [])
        }
        let url = try NodeURL(text: AccessGrant(text: Self.grant).satelliteAddress)
        return ScriptedSatellite(answers, id: url.id, address: url.address)
    }

    /// The request of a call that was a batch of one.
    func item(_ call: Int) -> [UInt8]? { rpcs[call].request?.items?.first?.hex?.bytes }
}
