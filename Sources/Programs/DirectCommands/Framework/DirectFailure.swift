import ClientCommands
import Contracts
import DRPC
import Direct
import Ledger
import PieceTransfer

/// What the errors of a customer's dealings mean for the shell.
enum DirectFailure {
    static func of(_ error: any Error) -> any Error {
        switch error {
        case let error as DirectError: failure(error)
        case let error as TransferError: CommandFailure(.unreachable, "\(error)")
        case let error as SettlementError: CommandFailure(.denied, "the ledger refuses: \(error)")
        case let error as LedgerError: CommandFailure(.unreachable, "\(error)")
        case let error as RPCError: CommandFailure(.unreachable, "\(error)")
        default: error
        }
    }

    private static func failure(_ error: DirectError) -> CommandFailure {
        switch error {
        case .unknownObject: CommandFailure(.notFound, "\(error)", advice: "storj direct ls shows what there is")
        case .tooFewFarmers: CommandFailure(.failure, "\(error)", advice: "Hire more with storj direct hire, or give --scheme")
        case .balanceTooLow: CommandFailure(.denied, "\(error)", advice: "Send STORJ to the wallet that storj direct status shows")
        case .noOffer, .refused: CommandFailure(.unreachable, "\(error)")
        case .otherLedger: CommandFailure(.denied, "\(error)", advice: "Compare ledger.* in settings.json with the farmer's")
        case .notAuthentic, .damaged: CommandFailure(.failure, "\(error)")
        default: CommandFailure(.failure, "\(error)")
        }
    }
}
