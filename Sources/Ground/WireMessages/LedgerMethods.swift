/// What anyone asks of the keeper of an embedded ledger. Our own.
package enum LedgerMethods {
    /// Which ledger it is and how far it has come.
    package static let info = RPCMethod<Ledger_InfoRequest, Ledger_InfoResponse>(path: "/ledger.Ledger/Info")
    /// Does a signed operation; it is durable when the answer comes.
    package static let submit = RPCMethod<Ledger_SubmitRequest, Ledger_SubmitResponse>(path: "/ledger.Ledger/Submit")
    /// What became of an operation.
    package static let status = RPCMethod<Ledger_StatusRequest, Ledger_StatusResponse>(path: "/ledger.Ledger/Status")
    /// One entry of the state.
    package static let read = RPCMethod<Ledger_ReadRequest, Ledger_ReadResponse>(path: "/ledger.Ledger/Read")
    /// What happened, in order.
    package static let events = RPCMethod<Ledger_EventsRequest, Ledger_EventsResponse>(path: "/ledger.Ledger/Events")
    /// The log itself, in parts.
    package static let log = RPCMethod<Ledger_LogRequest, Ledger_LogPart>(path: "/ledger.Ledger/Log")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [info.path, submit.path, status.path, read.path, events.path, log.path]
}
