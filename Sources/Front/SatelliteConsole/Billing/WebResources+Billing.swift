package import ConsoleKit

extension WebResources {
    /// What the pages of billing bring along.
    package static let billing = WebResources(
        pages: [
            "billing-tabs": PackageResources.billing_tabs_mustache,
            "billing-overview": PackageResources.billing_overview_mustache,
            "billing-invoices": PackageResources.billing_invoices_mustache,
            "billing-invoice": PackageResources.billing_invoice_mustache,
            "billing-deposits": PackageResources.billing_deposits_mustache,
            "billing-deposit-rows": PackageResources.billing_deposit_rows_mustache,
            "billing-cards": PackageResources.billing_cards_mustache,
            "billing-card-begin": PackageResources.billing_card_begin_mustache,
            "billing-coupons": PackageResources.billing_coupons_mustache,
            "billing-partners": PackageResources.billing_partners_mustache,
            "billing-partner": PackageResources.billing_partner_mustache,
        ],
        assets: ["billing.css": PackageResources.billing_css])
}
