import Database

/// The tables of a customer. Shipped migrations never change; new ones are appended.
enum DirectSchema {
    static let migrations = [Migration("1-direct", [farmers, deals, objects, segments, pieces, piecesByDeal, agreements, heartbeats])]

    private static let farmers = """
        CREATE TABLE direct_farmers (
            node {blob} NOT NULL PRIMARY KEY, url {text} NOT NULL, binding {blob} NOT NULL, sheet {blob} NOT NULL,
            state {integer} NOT NULL, channel {blob} NOT NULL, deposit {integer} NOT NULL,
            cumulative {integer} NOT NULL, voucher {blob}, limits {integer} NOT NULL, refusal {text}) {clustered}
        """

    private static let deals = """
        CREATE TABLE direct_deals (
            id {blob} NOT NULL PRIMARY KEY, state {integer} NOT NULL, created_at {integer} NOT NULL,
            expires_at {integer} NOT NULL, period {integer} NOT NULL, periods {integer} NOT NULL,
            proof_window {integer} NOT NULL, grace {integer} NOT NULL, collateral_periods {integer} NOT NULL) {clustered}
        """

    private static let objects = """
        CREATE TABLE direct_objects (
            name {text} NOT NULL PRIMARY KEY, id {blob} NOT NULL, deal {blob} NOT NULL, size {integer} NOT NULL,
            created_at {integer} NOT NULL, is_complete {integer} NOT NULL) {clustered}
        """

    private static let segments = """
        CREATE TABLE direct_segments (
            object {blob} NOT NULL, position {integer} NOT NULL, root {blob} NOT NULL, key {blob} NOT NULL,
            nonce {blob} NOT NULL, plain_size {integer} NOT NULL, encrypted_size {integer} NOT NULL,
            required {integer} NOT NULL, repair {integer} NOT NULL, optimal {integer} NOT NULL, total {integer} NOT NULL,
            share_size {integer} NOT NULL, PRIMARY KEY (object, position)) {clustered}
        """

    private static let pieces = """
        CREATE TABLE direct_pieces (
            object {blob} NOT NULL, position {integer} NOT NULL, number {integer} NOT NULL, deal {blob} NOT NULL,
            node {blob} NOT NULL, piece {blob} NOT NULL, size {integer} NOT NULL, hash {blob} NOT NULL,
            PRIMARY KEY (object, position, number)) {clustered}
        """

    private static let piecesByDeal = "CREATE INDEX direct_pieces_by_deal ON direct_pieces (deal, node, piece)"

    private static let agreements = """
        CREATE TABLE direct_agreements (
            id {blob} NOT NULL PRIMARY KEY, deal {blob} NOT NULL, node {blob} NOT NULL, state {integer} NOT NULL,
            terms {blob} NOT NULL, farmer_signature {blob}, receipt {blob} NOT NULL, delivered {blob} NOT NULL,
            refusal {text}) {clustered}
        """

    private static let heartbeats = """
        CREATE TABLE direct_heartbeats (
            agreement {blob} NOT NULL, period {integer} NOT NULL, verdict {text} NOT NULL, detail {text} NOT NULL,
            attempts {integer} NOT NULL, at {integer} NOT NULL, PRIMARY KEY (agreement, period)) {clustered}
        """
}
