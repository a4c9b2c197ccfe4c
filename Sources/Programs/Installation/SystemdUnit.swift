/// A node as a service of systemd (systemd.service(5), systemd.exec(5)), with no more of the machine than it needs.
package struct SystemdUnit: Sendable, Hashable {
    /// Who the node runs as.
    package enum Account: Sendable, Hashable {
        /// A user of the machine, not root.
        case user(String)
        /// A user that systemd makes for the service; the folder is `/var/lib/NAME` and handed over to that user.
        case dynamic(stateDirectory: String)
    }

    /// How long the node may take to end what it is doing: its own limit is 15 seconds.
    private static let stopSeconds = 60
    /// Connections, and the piece store's files.
    private static let openFiles = 65536
    /// The exit code for wrong settings: trying again does not mend them.
    private static let wrongSettings = 78

    private let program: String
    private let folder: String
    private let account: Account

    /// A unit that runs `program` as the node in `folder`.
    ///
    /// - Throws: `SystemdUnitError` for paths that a unit cannot name or the service could not reach, and for root.
    package init(program: String, folder: String, account: Account) throws {
        for path in [program, folder] { try Self.check(path) }
        // The program's name is the one word of a command in which `$$` is not a dollar.
        guard !program.contains("$") else { throw SystemdUnitError.path(program, "it has a dollar sign") }
        switch account {
        case .user(let name): guard Self.isUser(name) else { throw SystemdUnitError.user(name) }
        case .dynamic(let name): guard folder == "/var/lib/\(name)" else { throw SystemdUnitError.path(folder, "it is not /var/lib/\(name)") }
        }
        self.program = program
        self.folder = folder
        self.account = account
    }

    /// Who a node in `folder` runs as: the user asked for, else one of systemd's own right below `/var/lib`, else its owner.
    ///
    /// - Throws: `SystemdUnitError` when that leaves root.
    package static func account(folder: String, wish: String?, owner: String?) throws -> Account {
        if let wish { return .user(wish) }
        let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 4, parts[1] == "var", parts[2] == "lib", isUser(String(parts[3])) {
            return .dynamic(stateDirectory: String(parts[3]))
        }
        return .user(owner ?? "root")
    }

    /// The unit's file.
    package var text: String {
        """
        # Written by `storj node setup --install`. Change it with `systemctl edit`, and it can be written anew.
        [Unit]
        Description=Storj storage node
        Wants=network-online.target
        After=network-online.target time-sync.target
        RequiresMountsFor=\(Self.quoted(folder))
        # A disk that is not there must not look like a node that is not set up.
        AssertPathExists=\(Self.withoutSpecifiers(folder))/settings.json

        [Service]
        Type=exec
        ExecStart=\(Self.quoted(program)) node run --dir \(Self.argument(folder))
        \(identity)
        UMask=0077
        Restart=on-failure
        RestartSec=10
        RestartPreventExitStatus=\(Self.wrongSettings)
        KillMode=mixed
        TimeoutStopSec=\(Self.stopSeconds)
        LimitNOFILE=\(Self.openFiles)

        CapabilityBoundingSet=
        AmbientCapabilities=
        NoNewPrivileges=yes
        ProtectSystem=strict
        ProtectHome=\(isAtHome ? "read-only" : "yes")
        PrivateTmp=yes
        PrivateDevices=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        ProtectProc=invisible
        RemoveIPC=yes
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallFilter=~@privileged
        SystemCallErrorNumber=EPERM

        [Install]
        WantedBy=multi-user.target

        """
    }

    private var identity: String {
        switch account {
        case .user(let name): "User=\(name)\nReadWritePaths=\(Self.quoted(folder))"
        case .dynamic(let name): "DynamicUser=yes\nStateDirectory=\(name)\nStateDirectoryMode=0700"
        }
    }

    private var isAtHome: Bool {
        [program, folder].contains { path in ["/home/", "/root/", "/run/user/"].contains { (path + "/").hasPrefix($0) } }
    }

    // MARK: Text

    /// A path where systemd reads words: `%` begins a specifier, quotes hold what has blanks together.
    private static func quoted(_ path: String) -> String { "\"\(withoutSpecifiers(path))\"" }

    /// A path as a command's argument, where `$` begins a variable too.
    private static func argument(_ path: String) -> String {
        "\"\(withoutSpecifiers(path).split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$"))\""
    }

    private static func withoutSpecifiers(_ path: String) -> String {
        path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }

    /// Lists of paths know no escape for quotes and backslashes, and nothing could hold a line's end.
    private static func check(_ path: String) throws {
        guard path.hasPrefix("/"), path.count > 1, path.utf8.count < 4096 else {
            throw SystemdUnitError.path(path, "it is no path from the root")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw SystemdUnitError.path(path, "it has an empty part, . or ..")
        }
        let isPlain = path.unicodeScalars.allSatisfy { scalar in
            !"\"'\\".unicodeScalars.contains(scalar) && scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .lineSeparator && scalar.properties.generalCategory != .paragraphSeparator
        }
        guard isPlain else { throw SystemdUnitError.path(path, "it has a quote, a backslash or a control character") }
        guard !["/tmp/", "/var/tmp/", "/dev/", "/proc/", "/sys/"].contains(where: { (path + "/").hasPrefix($0) }) else {
            throw SystemdUnitError.path(path, "the service has no access to it there")
        }
    }

    private static func isUser(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 31, name != "root" else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F }
        return isLetter(first) && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}

/// Why there is no unit.
package enum SystemdUnitError: Error, Hashable, CustomStringConvertible {
    /// A path that a unit cannot name, and why.
    case path(String, String)
    /// A user that is none, or root.
    case user(String)
    /// The unit's file is not named as systemd wants it.
    case name(String)
    /// There is a unit already, and it says something else.
    case differs(String)
    /// The file cannot be written.
    case unwritable(String, String)

    package var description: String {
        switch self {
        case .path(let path, let reason): "\(path) cannot be part of a systemd unit: \(reason)"
        case .user("root"): "the node needs no root: give its folder to another user, or name one with --user"
        case .user(let name): "\(name) is no name of a user"
        case .name(let path): "\(path) is no unit: its name ends in .service and has letters, digits and :_.@- only"
        case .differs(let path): "\(path) is there already and says something else: look at it, then write over it with --force"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        }
    }
}
