import Contracts
import WireMessages

extension ServiceKind {
    /// What settled orders of an action are paid as; nil for actions nobody pays.
    init?(action: UInt32) {
        switch Int32(exactly: action).map(PieceAction.init(rawValue:)) {
        case .get?: self = .egress
        case .getAudit?: self = .audit
        case .getRepair?: self = .repair
        case .put?, .putRepair?: self = .ingress
        default: return nil
        }
    }
}
