import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Subprocesses
import Testing

/// localstripe as a child of the test: Stripe's API on this machine, gone with the test.
struct DevStripe: Sendable {
    let url: String

    /// The Python that has localstripe; nil when it is not installed.
    static let python: String? = {
        let own = repository.appending(path: ".venv-stripe/bin/python").path
        return [ProcessInfo.processInfo.environment["STORJ_STRIPE_PYTHON"], own].compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }()

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs `body` beside it.
    static func with(_ body: (DevStripe) async throws -> Void) async throws {
        let arguments = [repository.appending(path: "scripts/dev-stripe").path]
        let (input, output) = (Pipe(), Pipe())
        let process = try Subprocess(URL(filePath: try #require(python)), arguments, input: .pipe(input), output: .pipe(output))
        defer {
            try? input.fileHandleForWriting.close()
            process.wait()
        }
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        try #require(words.count == 2 && words[0] == "ready")
        try await body(DevStripe(url: "http://127.0.0.1:\(words[1])"))
    }

    private struct Object: Decodable {
        let id: String
    }

    private struct Charges: Decodable {
        struct Charge: Decodable {
            let amount: Int
            let status: String
        }

        let data: [Charge]
    }

    /// A card as a page makes one; its name.
    func card(_ number: String = "4242424242424242") async throws -> String {
        let form =
            "type=card&card%5Bnumber%5D=\(number)&card%5Bexp_month%5D=12&card%5Bexp_year%5D=2030&card%5Bcvc%5D=123"
        return try JSONDecoder().decode(Object.self, from: try await send("/v1/payment_methods", form)).id
    }

    /// Types a card on the service's page, as a customer's browser does; the page's name.
    func type(_ number: String = "4242424242424242", at page: String) async throws -> String {
        let path = try #require(page.split(separator: url, maxSplits: 1).last.map(String.init))
        // The answer leads back to the console, which is not there: only the page's name counts.
        _ = try? await send(path, "number=\(number)&exp_month=12&exp_year=2030&cvc=123")
        return try #require(page.split(separator: "/").last.map(String.init))
    }

    /// Cents of all charges that succeeded.
    func charges() async throws -> [Int] {
        try JSONDecoder().decode(Charges.self, from: try await send("/v1/charges?limit=100", nil)).data
            .filter { $0.status == "succeeded" }.map(\.amount)
    }

    /// Loses the answers to the next orders, or the orders themselves.
    func lose(answers: Int = 0, orders: Int = 0) async throws {
        _ = try await send("/_config/lose?after=\(answers)&before=\(orders)", "")
    }

    private func send(_ path: String, _ form: String?) async throws -> Data {
        var request = HTTPClientRequest(url: url + path)
        request.headers.add(name: "authorization", value: "Bearer sk_test_secret")
        if let form {
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return Data((try await response.body.collect(upTo: 1 << 20)).readableBytesView)
    }
}
