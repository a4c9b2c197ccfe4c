import Chores
import DRPC
import Foundation
import Identity
import Installation
package import Logging
import MailDoor
import NodeAPI
import OperatorDoor
import PortMapping
import ServiceLifecycle
import StorageModel
import StorageNode
import StorjShare

/// A storage node run from its folder.
package struct NodeProgram: Service {
    private let folder: NodeFolder
    private let values: SettingsValues
    private let mapper: PortMapper
    private let logger: Logger

    /// The node of a folder that was set up.
    ///
    /// - Parameter flags: settings given on the command line.
    /// - Throws: `SettingsError` or `TrustSource.Failure`.
    package init(folder: NodeFolder, flags: [String: String] = [:], logger: Logger) throws {
        self.folder = folder
        values = try folder.values(flags: flags)
        mapper = try PortMapper(values)
        _ = try StorageNodeSettings(values)
        self.logger = logger
    }

    /// Runs until graceful shutdown or cancellation; `ready.json` is there once a satellite has accepted the node.
    package func run() async throws {
        try ReadyFile.remove(in: folder.url)
        var settings = try StorageNodeSettings(values)
        let identity = try IdentityFiles.load(from: folder.url)
        let eventLoops = RPCEventLoops(threadCount: max(1, values.number("threads")))
        let dialer = try TLSDialer(identity: identity, settings: settings.dialer, eventLoops: eventLoops)
        let money = try await NodeMoney.open(
            values, folder: folder.url, satellites: settings.satellites, dialer: dialer, logger: logger)
        if let money, settings.wallet.isEmpty { settings.wallet = "\(money.parts.keys.wallet)" }
        var admin = OperatorDoorSettings(port: 7790)
        (admin.host, admin.port) = try values.hostAndPort("admin.address")
        admin.token = values.text("admin.token")
        let file = ReadyFile(
            id: identity.id.description,
            address: settings.externalAddress.isEmpty ? values.text("address") : settings.externalAddress,
            admin: admin.token.isEmpty ? nil : "http://" + values.text("admin.address"))
        let node = try await StorageNode(
            settings: settings,
            parts: StorageNodeParts(
                identity: identity, folder: folder.url.path, dialer: dialer, eventLoops: eventLoops, clock: .system,
                sleeper: .system, random: .system, logger: logger, farming: money?.parts)
        ) { [folder, logger] satellite in Self.announce(file, in: folder.url, satellite: satellite, logger: logger) }
        if settings.satellites.isEmpty { Self.announce(file, in: folder.url, satellite: nil, logger: logger) }
        // A node that ends, for instance because its disk is away, takes its door with it.
        var services: [any Service] = [node] + (money?.chores ?? [])
        if !admin.token.isEmpty { services.append(NodeAPI(settings: admin, node: node, logger: logger)) }
        let share = StorjShare(
            node: node, settings: try StorjShareSettings(values), alerts: try await AlertBook.open(node.history.database),
            dialer: dialer, clock: .system, random: .system, logger: logger)
        if let alerts = share.alertChore { services.append(alerts) }
        if !values.text("app.address").isEmpty { services.append(share) }
        if let keeper = portKeeper(settings, node) { services.append(keeper.makeCycle(sleeper: .system, clock: .system)) }
        try await ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: logger)
        ).run()
        try ReadyFile.remove(in: folder.url)
        try money?.close()
        await dialer.close()
        await eventLoops.shutdown()
    }

    /// Keeps a port of the router, if the node is told to: the one of its address outside.
    private func portKeeper(_ settings: StorageNodeSettings, _ node: StorageNode) -> PortKeeper? {
        guard values.flag("map_port"), let port = Self.split(node.boundAddress).port else { return nil }
        let (host, outside) = Self.split(settings.externalAddress)
        // A name stays what it is: its owner says where it leads.
        let follows = host.isEmpty || IPAddress(text: host) != nil
        return PortKeeper(mapper: mapper, port: port, external: outside ?? port, logger: logger) { mapped in
            if follows, mapped.isPublic { node.move(to: mapped.externalAddress.text(port: Int(mapped.externalPort))) }
        }
    }

    private static func split(_ address: String) -> (host: String, port: UInt16?) {
        guard let colon = address.lastIndex(of: ":") else { return (address, nil) }
        return (String(address[..<colon]), UInt16(address[address.index(after: colon)...]))
    }

    /// Says that the node can be used: a satellite has accepted it, or it needs none.
    private static func announce(_ file: ReadyFile, in folder: URL, satellite: NodeID?, logger: Logger) {
        do {
            guard try ReadyFile.read(in: folder) == nil else { return }
            try file.write(in: folder)
            logger.notice(
                "node is ready", metadata: ["node_id": "\(file.id)", "satellite": "\(satellite?.description ?? "none")"])
        } catch {
            logger.error("ready file cannot be written", metadata: ["error": "\(error)"])
        }
    }
}

extension StorageNodeSettings {
    /// The settings a node's folder, variables and flags say.
    ///
    /// - Throws: `SettingsError` or `TrustSource.Failure`.
    init(_ values: SettingsValues) throws {
        self.init()
        (server.host, server.port) = try values.hostAndPort("address")
        externalAddress = values.text("external_address")
        satellites = try TrustSource.parse(values.text("satellites"))
        allocatedSpace = values.bytes("storage.allocated")
        minimumAllocatedSpace = values.bytes("storage.minimum")
        wallet = values.text("operator.wallet")
        email = values.text("operator.email")
        checkInInterval = values.duration("check_in_interval")
        settlementInterval = values.duration("settlement_interval")
        maximumUploads = values.number("maximum_uploads")
        garbageMinimumAge = values.duration("garbage.minimum_age")
        trashLifetime = values.duration("trash.lifetime")
        upkeepInterval = max(.seconds(1), values.duration("upkeep.interval"))
        scrubRate = values.bytes("scrub.rate")
        scrubInterval = max(.seconds(1), values.duration("scrub.interval"))
        lostPieceInterval = max(.milliseconds(100), values.duration("lost_pieces.interval"))
        try readMoney(values)
        exitInterval = max(.milliseconds(100), values.duration("exit.ask_interval"))
    }
}

extension StorjShareSettings {
    /// Where the farmer's app is, and the farm it shows.
    ///
    /// - Throws: `SettingsError` or `FarmMemberError`.
    init(_ values: SettingsValues) throws {
        self.init()
        if !values.text("app.address").isEmpty { (host, port) = try values.hostAndPort("app.address") }
        alerts = try AlertSettings(values)
        token = values.text("app.token")
        publicURL = values.text("app.public_url")
        farm = try FarmMember.parse(values.text("app.farm"))
    }
}

extension AlertSettings {
    /// Where a farmer wants to hear of his node.
    ///
    /// - Throws: `SettingsError` for a way that cannot be gone.
    init(_ values: SettingsValues) throws {
        self.init()
        if !values.text("alerts.webhook").isEmpty {
            guard let url = URL(string: values.text("alerts.webhook")), url.scheme == "https" || url.scheme == "http", url.host() != nil
            else { throw values.refusal(of: "alerts.webhook", expected: "a URL that begins with https:// or http://") }
            webhook = url
            webhookSecret = values.text("alerts.webhook_secret")
        }
        guard !values.text("alerts.mail_to").isEmpty else { return }
        guard let to = MailAddress(values.text("alerts.mail_to")) else { throw values.refusal(of: "alerts.mail_to", expected: "an address of mail") }
        mailTo = to
        mail = try MailSettings(values, prefix: "alerts", from: "alerts.mail_from", else: to, name: "Storj node")
    }
}
