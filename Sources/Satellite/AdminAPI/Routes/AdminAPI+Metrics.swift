import Hummingbird
import Market
import NIOCore
import OperatorDoor
import Upkeep

extension AdminAPI {
    func addMetrics(to group: RouterGroup<DoorContext>) {
        group.get("metrics") { _, _ in
            let metrics = SatelliteMetrics(
                status: self.status(), garbage: self.garbage(),
                audits: try await self.audits(), repair: RepairAnswer(try await self.upkeep.repairs.status()),
                heartbeats: HeartbeatsAnswer(try await self.market.status(), earlier: []))
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: .init(byteBuffer: ByteBuffer(string: metrics.text)))
        }
    }
}
