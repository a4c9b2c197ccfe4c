import StorageModel
import StorageNode
import Synchronization

/// What the farmer has chosen so far.
struct SetupDraft: Sendable {
    var allocated: Int64 = 0
    var wallet = ""
    var email = ""
    var address = "0.0.0.0:28967"
    var external = ""
    var satellites: [SatelliteFacts] = []
    var storage: Int64 = 1_500_000
    var traffic: Int64 = 2_000_000
    var quotes = ""
    /// Whether the router passes the port on because it was asked to.
    var mapsPort = false
    var hasPlace = false
    var hasPrices = false
}

/// How the search for an identity is.
enum IdentitySearch: Sendable {
    case waiting
    case searching(difficulty: Int, tried: Int)
    case failed(String)
}

/// The wizard's memory: one farmer, one node.
final class SetupState: Sendable {
    private let saved = Mutex(SetupDraft())
    private let search = Mutex(IdentitySearch.waiting)

    var draft: SetupDraft { saved.withLock { $0 } }

    func change(_ change: @Sendable (inout SetupDraft) -> Void) { saved.withLock { change(&$0) } }

    var identity: IdentitySearch {
        get { search.withLock { $0 } }
        set { search.withLock { $0 = newValue } }
    }

    /// Begins a search unless one is under way; false when it is.
    func begin(difficulty: Int) -> Bool {
        search.withLock { search in
            if case .searching = search { return false }
            search = .searching(difficulty: difficulty, tried: 0)
            return true
        }
    }
}
