import Foundation
import Installation
import Testing

@Suite struct SystemdUnitTests {
    private func unit(_ folder: String, program: String = "/usr/bin/storj", user: String = "farmer") throws -> [String] {
        try SystemdUnit(program: program, folder: folder, account: .user(user)).text.split(separator: "\n").map(String.init)
    }

    @Test func `a node's unit names its program, folder and user, and takes the rest away`() throws {
        let lines = try unit("/srv/node")
        for line in [
            "ExecStart=\"/usr/bin/storj\" node run --dir \"/srv/node\"", "User=farmer", "ReadWritePaths=\"/srv/node\"",
            "RequiresMountsFor=\"/srv/node\"", "AssertPathExists=/srv/node/settings.json", "ProtectSystem=strict", "ProtectHome=yes",
            "NoNewPrivileges=yes", "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "Restart=on-failure",
            "SystemCallFilter=@system-service", "WantedBy=multi-user.target",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `blanks, specifiers and variables stay what they are`() throws {
        let lines = try unit("/srv/my node/50%/$HOME")
        #expect(lines.contains("ExecStart=\"/usr/bin/storj\" node run --dir \"/srv/my node/50%%/$$HOME\""))
        #expect(lines.contains("ReadWritePaths=\"/srv/my node/50%%/$HOME\""))
        #expect(lines.contains("AssertPathExists=/srv/my node/50%%/$HOME/settings.json"))
    }

    @Test(arguments: [
        "", "/", "node", "/srv/a\nUser=root", "/srv/a\"b", "/srv/a'b", "/srv/a\\b", "/srv/a\r", "/srv/a\u{85}b", "/srv/../etc",
        "/srv//node", "/srv/node/", "/tmp/node", "/var/tmp/node", "/dev", "/srv/a\u{2028}b", "/srv/\u{0}",
    ])
    func `a path that a unit cannot name is refused`(_ path: String) {
        #expect(throws: SystemdUnitError.self) { try unit(path) }
        #expect(throws: SystemdUnitError.self) { try unit("/srv/node", program: path) }
    }

    @Test(arguments: ["", "root", "a b", "a\nb", "1", "-a", "a%u", "ü", String(repeating: "a", count: 32)])
    func `nobody, and root, is no user`(_ name: String) {
        #expect(throws: SystemdUnitError.user(name)) { try unit("/srv/node", user: name) }
    }

    @Test func `a program with a dollar sign is refused`() {
        #expect(throws: SystemdUnitError.self) { try unit("/srv/node", program: "/opt/$x/storj") }
    }

    @Test(arguments: ["/home/farmer/node", "/root/node", "/home"])
    func `homes stay readable when the node lives in one`(_ folder: String) throws {
        #expect(try unit(folder).contains("ProtectHome=read-only"))
    }

    @Test func `a folder below /var/lib gets a user of systemd's own, any other its owner`() throws {
        func account(_ folder: String, _ wish: String? = nil) throws -> SystemdUnit.Account {
            try SystemdUnit.account(folder: folder, wish: wish, owner: "owner")
        }
        #expect(try account("/var/lib/storj") == .dynamic(stateDirectory: "storj"))
        #expect(try account("/var/lib/storj", "farmer") == .user("farmer"))
        #expect(try account("/var/lib/storj/node") == .user("owner"))
        #expect(try account("/var/lib/my node") == .user("owner"))
        let text = try SystemdUnit(program: "/usr/bin/storj", folder: "/var/lib/storj", account: .dynamic(stateDirectory: "storj")).text
        #expect(text.contains("\nDynamicUser=yes\nStateDirectory=storj\n"))
        #expect(!text.contains("\nUser="))
        #expect(throws: SystemdUnitError.self) {
            try SystemdUnit(program: "/usr/bin/storj", folder: "/srv/storj", account: .dynamic(stateDirectory: "storj"))
        }
    }

    @Test func `a unit that says something else is written over only when that is asked for`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try UnitFile(folder.appending(path: "storj-node.service").path)
        #expect(file.commands == ["systemctl daemon-reload", "systemctl enable --now storj-node.service"])
        #expect(try file.write("one\n", replaces: false))
        #expect(try !file.write("one\n", replaces: false))
        #expect(throws: SystemdUnitError.differs(file.url.path)) { try file.write("two\n", replaces: false) }
        #expect(try String(contentsOf: file.url, encoding: .utf8) == "one\n")
        #expect(try file.write("two\n", replaces: true))
        #expect(try String(contentsOf: file.url, encoding: .utf8) == "two\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["storj-node.service"])
        let masked = folder.appending(path: "masked.service")
        try FileManager.default.createSymbolicLink(atPath: masked.path, withDestinationPath: "/dev/null")
        #expect(throws: SystemdUnitError.self) { try UnitFile(masked.path).write("one\n", replaces: false) }
        #expect(throws: SystemdUnitError.self) { try UnitFile(folder.path + "/none/a.service").write("one\n", replaces: false) }
    }

    @Test(arguments: ["/etc/systemd/system/.service", "/etc/storj", "/etc/a b.service", "/etc/a;b.service"])
    func `a file that systemd would not take is refused`(_ path: String) {
        #expect(throws: SystemdUnitError.name(path)) { try UnitFile(path) }
    }
}
