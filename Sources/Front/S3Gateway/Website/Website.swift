import Foundation
import GatewayRecords
import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import Uplink

/// A bucket as a website: index pages for folders, the owner's own error page, redirections; only what strangers may
/// read, since browsers do not sign.
///
/// - Source: Amazon S3 user guide, "Hosting a static website using Amazon S3", "Configuring a webpage redirect".
struct Website: Sendable {
    private let bucket: String
    private let arrival: Door.Arrival
    private let door: Door

    /// - Returns: nil for a request whose host is no website's.
    init?(_ arrival: Door.Arrival, _ door: Door) {
        let domains = door.gateway.settings.websiteDomains
        guard let bucket = S3Target.bucket(inHost: arrival.host, domains: domains) else { return nil }
        self.bucket = bucket
        self.arrival = arrival
        self.door = door
    }

    /// The page, a redirection, or a refusal for people to read.
    func answer() async throws -> S3Response {
        do {
            guard [.get, .head].contains(arrival.head.method) else { throw S3Error(.methodNotAllowed) }
            let directory = door.gateway.doorkeeper.directory
            guard let owner = try await directory.owner(of: bucket)?.owner else { throw S3Error(.noSuchBucket) }
            let properties = try await directory.properties(of: BucketPlace(owner: owner, bucket: bucket))
            guard let website = properties.website else { throw S3Error(.noSuchWebsiteConfiguration) }
            return try await answer(website)
        } catch {
            return WebsitePage.refusal(try Self.refusal(error))
        }
    }

    private func answer(_ website: WebsiteConfiguration) async throws -> S3Response {
        let path = try S3Target.parse(rawPath: "/-\(arrival.rawPath)", host: "", domains: []).key ?? ""
        if let redirect = website.redirectAll { return WebsitePage.redirection(redirect, key: path, arrival) }
        if let rule = website.rule(for: path, errorStatus: nil) {
            return WebsitePage.redirection(rule.redirect, key: rule.newKey(for: path), arrival)
        }
        let index = website.indexSuffix ?? ""
        do {
            return try await page(path.isEmpty || path.hasSuffix("/") ? path + index : path)
        } catch {
            let refusal = try Self.refusal(error)
            if !path.isEmpty, !path.hasSuffix("/"), refusal.status == .notFound || refusal.status == .forbidden,
                await isThere("\(path)/\(index)")
            {
                return S3Response(status: .found, headers: [.location: "\(arrival.rawPath)/"])
            }
            return try await errorPage(refusal, path, website)
        }
    }

    /// What a website says instead of a page that it does not have.
    private func errorPage(
        _ refusal: S3Error, _ path: String, _ website: WebsiteConfiguration
    ) async throws -> S3Response {
        if let rule = website.rule(for: path, errorStatus: refusal.status.code) {
            return WebsitePage.redirection(rule.redirect, key: rule.newKey(for: path), arrival)
        }
        guard let key = website.errorKey else { throw refusal }
        do {
            var page = try await page(key, isWhole: true)
            page.status = refusal.status
            return page
        } catch {
            // An error page that cannot be read leaves the error as it is.
            throw refusal
        }
    }

    /// An object, as anybody may read it.
    ///
    /// - Parameter isWhole: whether ranges and conditions of the request do not count.
    private func page(_ key: String, isWhole: Bool = false) async throws -> S3Response {
        let call = try await call(key, arrival.head.method, isWhole: isWhole)
        var response: S3Response
        do {
            response = try await call.operation == .headObject ? HeadObject.run(call) : GetObject.run(call)
        } catch {
            let refusal = try Self.refusal(error)
            throw refusal.code == .noSuchKey && !call.mayLearnAbsence ? S3Error(.accessDenied) : refusal
        }
        if let location = response.headers[StandardHeader.websiteRedirect.name] {
            response = S3Response(status: .movedPermanently, headers: [.location: location])
        }
        return response
    }

    private func isThere(_ key: String) async -> Bool {
        do {
            _ = try await HeadObject.run(call(key, .head, isWhole: true))
            return true
        } catch {
            // Whatever is wrong with it, nobody can be sent there.
            return false
        }
    }

    private func call(_ key: String, _ method: HTTPRequest.Method, isWhole: Bool) async throws -> S3Call {
        let headers = isWhole ? HTTPFields() : arrival.head.headerFields
        let body = S3Body(
            try BodyCheck(PayloadRule.anonymous([:]), headers: [:], contentLength: 0), source: arrival.body)
        let request = S3Request(
            id: arrival.id, method: method, target: S3Target(bucket: bucket, key: key, isVirtualHost: true),
            query: QueryItems(rawQuery: ""), headers: headers, rawPath: arrival.rawPath, rawQuery: arrival.rawQuery,
            host: arrival.host, remoteAddress: arrival.remoteAddress,
            receivedAt: Date(timeIntervalSince1970: Double(door.gateway.clock.now().microseconds) / 1e6),
            isSecure: arrival.isSecure, body: body)
        return try await door.admit(request, method == .head ? .headObject : .getObject, .anonymous)
    }

    /// - Throws: what is no refusal.
    private static func refusal(_ error: any Error) throws -> S3Error {
        if let error = error as? S3Error { return error }
        if let error = error as? UplinkError { return S3Error(error) }
        throw error
    }
}
