import Hummingbird
import Synchronization

/// How many requests are answered at the same time: a request holds a slot until its last byte is on its way.
final class RequestSlots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    /// A slot; nil when all are taken.
    func take() -> Slot? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Slot(slots: self) : nil
    }

    /// Gives itself back when nobody holds it any more.
    final class Slot: Sendable {
        private let slots: RequestSlots

        fileprivate init(slots: RequestSlots) {
            self.slots = slots
        }

        deinit { slots.free.withLock { $0 += 1 } }
    }
}

extension Response {
    /// The same answer, whose body holds a slot until it is written.
    func holding(_ slot: RequestSlots.Slot) -> Response {
        let body = body
        return Response(
            status: status, headers: headers,
            body: ResponseBody(contentLength: body.contentLength) { writer in
                defer { withExtendedLifetime(slot) {} }
                try await body.write(writer)
            })
    }
}
