import Hummingbird
import NIOCore
import Upkeep

extension AdminAPI {
    func addMetrics(to group: RouterGroup<AdminContext>) {
        group.get("metrics") { _, _ in
            let metrics = SatelliteMetrics(
                status: self.status(), garbage: GarbageAnswer(self.upkeep.garbage.lastReport))
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: .init(byteBuffer: ByteBuffer(string: metrics.text)))
        }
    }
}
