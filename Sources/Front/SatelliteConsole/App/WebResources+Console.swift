package import ConsoleKit

extension WebResources {
    /// The console's templates, styles and scripts.
    package static let console = WebResources(
        pages: [
            "console-access": PackageResources.console_access_mustache,
            "console-files": PackageResources.console_files_mustache,
            "console-form": PackageResources.console_form_mustache,
            "console-account": PackageResources.console_account_mustache,
            "console-code": PackageResources.console_code_mustache,
            "console-recovery": PackageResources.console_recovery_mustache,
            "console-projects": PackageResources.console_projects_mustache,
            "console-project": PackageResources.console_project_mustache,
            "console-keys": PackageResources.console_keys_mustache,
            "console-key": PackageResources.console_key_mustache,
            "console-usage": PackageResources.console_usage_mustache,
            "console-members": PackageResources.console_members_mustache,
            "console-invitation": PackageResources.console_invitation_mustache,
        ],
        assets: [
            "console.css": PackageResources.console_css, "access.js": PackageResources.access_js,
            "argon2.js": PackageResources.argon2_js, "base58.js": PackageResources.base58_js,
            "blake2b.js": PackageResources.blake2b_js, "bytes.js": PackageResources.bytes_js,
            "changes.js": PackageResources.changes_js,
            "encryption.js": PackageResources.encryption_js, "files.js": PackageResources.files_js,
            "gateway.js": PackageResources.gateway_js, "grant.js": PackageResources.grant_js,
            "macaroon.js": PackageResources.macaroon_js, "message.js": PackageResources.message_js,
            "passphrase-worker.js": PackageResources.passphrase_worker_js, "s3.js": PackageResources.s3_js,
            "uploads.js": PackageResources.uploads_js, "view.js": PackageResources.view_js,
        ])
}
