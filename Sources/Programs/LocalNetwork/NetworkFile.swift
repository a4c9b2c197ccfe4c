import Installation
package import Foundation

/// `network.json`: what a person or a test needs to use a running network.
package struct NetworkFile: Codable, Equatable, Sendable {
    /// The satellite's side.
    package struct Satellite: Codable, Equatable, Sendable {
        /// `id@host:port`, as grants name it.
        package var nodeURL: String
        /// The base URL of the administration API.
        package var admin: String
        /// The bearer token of the administration API.
        package var adminToken: String
        /// The folder with its files.
        package var dir: String
        /// The process it runs in.
        package var pid: Int32

        enum CodingKeys: String, CodingKey {
            case nodeURL = "node_url"
            case admin
            case adminToken = "admin_token"
            case dir
            case pid
        }
    }

    /// A storage node.
    package struct Node: Codable, Equatable, Sendable {
        /// The text form of its id.
        package var id: String
        /// `host:port`.
        package var address: String
        /// The folder with its files.
        package var dir: String
        /// The process it runs in.
        package var pid: Int32
        /// The base URL of the node's API for its operator.
        package var admin: String
        /// The bearer token of that API.
        package var adminToken: String
        /// The address of the farmer's app, StorjShare.
        package var dashboard: String

        enum CodingKeys: String, CodingKey {
            case dashboard
            case id
            case address
            case dir
            case pid
            case admin
            case adminToken = "admin_token"
        }
    }

    /// The gateway for S3 tools.
    package struct S3: Codable, Equatable, Sendable {
        /// The base URL.
        package var endpoint: String
        package var accessKeyID: String
        package var secretAccessKey: String
        /// The base URL of shared links.
        package var links: String
        /// The folder with its files.
        package var dir: String
        /// The process it runs in.
        package var pid: Int32

        enum CodingKeys: String, CodingKey {
            case endpoint
            case accessKeyID = "access_key_id"
            case secretAccessKey = "secret_access_key"
            case links
            case dir
            case pid
        }
    }

    /// The satellite's pages for customers and operators, with an account for trying them.
    package struct Console: Codable, Equatable, Sendable {
        /// The base URL.
        package var endpoint: String
        /// Signs in as the network's own customer, who is its operator too.
        package var email: String
        package var password: String
    }

    /// The satellite.
    package var satellite: Satellite
    /// The console.
    package var console: Console
    /// The gateway.
    package var s3: S3
    /// The API key of the network's project, as text.
    package var apiKey: String
    /// A grant with all permissions on the whole project.
    package var accessGrant: String
    /// The passphrase the grant's encryption key was derived from.
    package var passphrase: String
    /// The storage nodes.
    package var nodes: [Node]

    enum CodingKeys: String, CodingKey {
        case satellite
        case console
        case s3
        case apiKey = "api_key"
        case accessGrant = "access_grant"
        case passphrase
        case nodes
    }

    /// The file of a network's folder.
    package static func url(in folder: URL) -> URL { folder.appending(path: "network.json") }

    /// Writes the file, readable by its owner only because it holds keys.
    package func write(in folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SecretFile.write(try encoder.encode(self), to: Self.url(in: folder))
    }
}
