package import ConsoleKit

extension WebResources {
    /// What the back office's pages bring along.
    package static let backOffice = WebResources(pages: [
        "operator-overview": PackageResources.operator_overview_mustache,
        "operator-nodes": PackageResources.operator_nodes_mustache,
        "operator-node": PackageResources.operator_node_mustache,
        "operator-confirm": PackageResources.operator_confirm_mustache,
        "operator-durability": PackageResources.operator_durability_mustache,
        "operator-repair": PackageResources.operator_repair_mustache,
        "operator-market": PackageResources.operator_market_mustache,
        "operator-customers": PackageResources.operator_customers_mustache,
        "operator-customer": PackageResources.operator_customer_mustache,
        "operator-project": PackageResources.operator_project_mustache,
        "operator-settlement": PackageResources.operator_settlement_mustache,
        "operator-chores": PackageResources.operator_chores_mustache,
        "operator-log": PackageResources.operator_log_mustache,
    ])
}
