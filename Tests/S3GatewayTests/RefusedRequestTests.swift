import HTTPDoor
import NIOHTTP1
import S3Gateway
import StorageModel
import TestSupport
import Testing

@Suite struct RefusedRequestTests {
    @Test(arguments: [
        (HTTPParserError.headerOverflow, "RequestHeaderSectionTooLarge"), (.invalidMethod, "BadRequest"),
    ])
    func `what is no HTTP is refused in S3's words`(error: HTTPParserError, code: String) {
        let refused = GatewayServer.refused(error, hostID: "host", random: .seeded(1))
        #expect(refused.status == .badRequest)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("<Code>\(code)</Code>"))
        #expect(refused.headers["x-amz-id-2"] == ["host"])
    }
}
