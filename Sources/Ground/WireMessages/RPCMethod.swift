/// One method of a service: where it is found and what it takes and gives.
package struct RPCMethod<Request: WireMessage, Response: WireMessage>: Sendable {
    /// The name on the wire, for instance `/metainfo.Metainfo/BeginObject`.
    package let path: String

    /// Names a method.
    package init(path: String) { self.path = path }
}
