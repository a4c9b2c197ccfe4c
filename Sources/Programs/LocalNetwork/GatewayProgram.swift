import Chores
import Foundation
import GatewayRecords
import Installation
import LinkSharing
package import Logging
import S3Gateway
import ServiceLifecycle
import StorageModel
import Uplink

/// A gateway run from its folder: S3, and shared links when it is told where.
package struct GatewayProgram: Service {
    private let folder: GatewayFolder
    private let settings: GatewaySettings
    private let values: SettingsValues
    private let grant: String?
    private let logger: Logger

    /// The gateway of a folder, which need not exist yet.
    ///
    /// - Parameters:
    ///   - flags: settings given on the command line.
    ///   - grant: registered before it serves, when it was not before.
    /// - Throws: `SettingsError`.
    package init(folder: GatewayFolder, flags: [String: String] = [:], grant: String? = nil, logger: Logger) throws {
        self.folder = folder
        values = try folder.values(flags: flags)
        settings = try GatewaySettings(values)
        self.grant = grant
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation; `ready.json` is there once requests are answered.
    package func run() async throws {
        try ReadyFile.remove(in: folder.url)
        if let grant { _ = try await folder.register(grant, name: nil) }
        let records = try await GatewayRecords.open(folder: folder.url, random: .system)
        var configuration = Configuration()
        configuration.userAgent = "storj-gateway/1.0"
        configuration.memoryBudget = max(1 << 20, Int(clamping: values.bytes("upload_memory")))
        configuration.logger = logger
        let gateway = Gateway(
            records: records, settings: settings, configuration: configuration, logger: logger,
            bound: { [folder, settings, logger] port in
                Self.announce("\(settings.host):\(port)", in: folder.url, logger)
            })
        var services: [any Service] = [gateway]
        if let links = try linkSettings() {
            services.append(
                LinkSharingServer(settings: links, records: records, clock: .system, sleeper: .system, logger: logger))
        }
        try await ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: logger)
        ).run()
        try ReadyFile.remove(in: folder.url)
        try records.close()
    }

    private func linkSettings() throws -> LinkSharingSettings? {
        guard !values.text("links.address").isEmpty else { return nil }
        var links = LinkSharingSettings()
        (links.host, links.port) = try values.hostAndPort("links.address")
        links.satellites = Set(GatewaySettings.list(values.text("links.satellites")))
        links.maximumRequests = max(1, values.number("maximum_requests"))
        links.connectionIdleTime = max(.seconds(1), values.duration("idle_timeout"))
        links.certificateFile = settings.certificateFile
        links.keyFile = settings.keyFile
        return links
    }

    private static func announce(_ address: String, in folder: URL, _ logger: Logger) {
        do {
            try ReadyFile(id: "gateway", address: address).write(in: folder)
            logger.notice("gateway is ready", metadata: ["address": "\(address)"])
        } catch {
            logger.error("ready file cannot be written", metadata: ["error": "\(error)"])
        }
    }
}

extension GatewaySettings {
    /// What a folder, variables and flags say.
    ///
    /// - Throws: `SettingsError`.
    init(_ values: SettingsValues) throws {
        self.init()
        (host, port) = try values.hostAndPort("address")
        region = values.text("region")
        consoleOrigins = Set(Self.list(values.text("console_origins")).map(Self.origin))
        registrationSatellites = Set(Self.list(values.text("registration.satellites")))
        publicURL = values.text("public_url").isEmpty ? nil : values.text("public_url")
        virtualHostDomains = Self.list(values.text("domains")).map { $0.lowercased() }
        websiteDomains = Self.list(values.text("website_domains")).map { $0.lowercased() }
        certificateFile = values.text("tls.certificate").isEmpty ? nil : values.text("tls.certificate")
        keyFile = values.text("tls.key").isEmpty ? nil : values.text("tls.key")
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw values.refusal(of: "tls.key", expected: "both a certificate and its key, or none of them")
        }
        webhooks = try Self.list(values.text("webhooks")).map { try Self.webhook($0, values) }
        lifecycleInterval = max(.milliseconds(100), values.duration("lifecycle.interval"))
        lifecycleDay = max(.seconds(1), values.duration("lifecycle.day"))
        maximumRequests = max(1, values.number("maximum_requests"))
        idleTimeout = max(.seconds(1), values.duration("idle_timeout"))
        longestHeaders = min(1 << 20, max(4096, Int(clamping: values.bytes("longest_headers"))))
        longestDocument = max(4096, Int(clamping: values.bytes("longest_document")))
        maximumProjects = max(1, values.number("maximum_projects"))
        projectIdleTime = max(.seconds(1), values.duration("project_idle_time"))
    }

    /// An address as browsers say an origin: without a slash at its end.
    private static func origin(_ text: String) -> String {
        let lowercase = text.lowercased()
        return lowercase.hasSuffix("/") ? String(lowercase.dropLast()) : lowercase
    }

    /// `name=URL`; a user in the URL is the token that is sent along.
    private static func webhook(_ text: String, _ values: SettingsValues) throws -> Webhook {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2, var components = URLComponents(string: parts[1]) {
            let token = components.user
            components.user = nil
            if let url = components.string, let webhook = Webhook(name: parts[0], url: url, token: token) { return webhook }
        }
        throw values.refusal(of: "webhooks", expected: "name=http://host/path")
    }

    fileprivate static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
