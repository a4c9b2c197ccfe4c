import ConsoleKit

extension WebResources {
    /// The templates and styles of the farmer's app.
    static let storjShare = WebResources(
        pages: [
            "share-alerts": PackageResources.share_alerts_mustache,
            "share-earnings": PackageResources.share_earnings_mustache,
            "share-farm": PackageResources.share_farm_mustache,
            "share-overview": PackageResources.share_overview_mustache,
            "share-period-legend": PackageResources.share_period_legend_mustache,
            "share-price-history": PackageResources.share_price_history_mustache,
            "share-prices": PackageResources.share_prices_mustache,
            "share-satellite": PackageResources.share_satellite_mustache,
            "share-satellite-table": PackageResources.share_satellite_table_mustache,
            "share-satellites": PackageResources.share_satellites_mustache,
            "share-setup": PackageResources.share_setup_mustache,
            "share-setup-done": PackageResources.share_setup_done_mustache,
            "share-setup-found": PackageResources.share_setup_found_mustache,
            "share-setup-progress": PackageResources.share_setup_progress_mustache,
            "share-sign-in": PackageResources.share_sign_in_mustache,
            "share-space": PackageResources.share_space_mustache,
            "share-space-bar": PackageResources.share_space_bar_mustache,
            "share-statement-table": PackageResources.share_statement_table_mustache,
            "share-traffic": PackageResources.share_traffic_mustache,
            "share-upkeep": PackageResources.share_upkeep_mustache,
        ], assets: [
            "share.css": PackageResources.share_css, "share-prices.js": PackageResources.share_prices_js,
            "share-setup.js": PackageResources.share_setup_js,
        ])
}
