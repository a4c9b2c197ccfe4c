/// What a room brings along: templates of pages, and the files browsers load beside them.
package struct WebResources: Sendable {
    /// Template texts by name: pages, and the partials they use.
    package let pages: [String: [UInt8]]
    /// Files by name, whose ending says what they are.
    package let assets: [String: [UInt8]]

    /// - Parameters:
    ///   - pages: Mustache in UTF-8, by the name that `WebContext.page` and `{{> name}}` use.
    ///   - assets: styles (css), scripts (js), images (svg, png), fonts (woff2), by file name.
    package init(pages: [String: [UInt8]], assets: [String: [UInt8]] = [:]) {
        self.pages = pages
        self.assets = assets
    }
}

extension WebResources {
    /// The kit's own: the frame around every page, and its parts.
    static let kit = WebResources(
        pages: [
            "kit-frame": PackageResources.kit_frame_mustache,
            "kit-error": PackageResources.kit_error_mustache,
            "csrf": PackageResources.csrf_mustache,
            "field": PackageResources.field_mustache,
            "form-errors": PackageResources.form_errors_mustache,
            "head": PackageResources.head_mustache,
            "tiles": PackageResources.tiles_mustache,
            "pill": PackageResources.pill_mustache,
            "empty": PackageResources.empty_mustache,
            "paging": PackageResources.paging_mustache,
        ],
        assets: [
            "kit.css": PackageResources.kit_css, "kit.js": PackageResources.kit_js,
            "icons.svg": PackageResources.icons_svg, "mark.svg": PackageResources.mark_svg,
        ])
}
