import CSecp256k1
import Synchronization

/// The library's context: tables are made once, and every thread may use them.
///
/// - Source: libsecp256k1, `secp256k1.h`: a context is safe to share as long as nobody randomises or destroys it.
struct Secp256k1: @unchecked Sendable {
    let context: OpaquePointer

    static let shared = Secp256k1()

    private init() {
        guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("libsecp256k1 has no memory for its context")
        }
        self.context = context
    }
}
