import ConsoleKit
import Contracts
import Ethereum
import Hummingbird
import Identity
import Logging
import StorageModel
import StorageNode

extension SetupWizard {
    // MARK: Identity

    /// Trailing zero bits of an id: the least, the most, and what satellites ask for.
    private static let difficulties = 8...40
    private static let usualDifficulty = 30

    func addIdentity(to routes: RouterGroup<WebContext>) {
        routes.get("setup") { [self] _, context in
            if try hooks.identity() != nil {
                let draft = state.draft
                if !draft.hasPlace { return context.redirect(to: "/setup/place") }
                if draft.satellites.isEmpty { return context.redirect(to: "/setup/satellites") }
                return context.redirect(to: draft.hasPrices ? "/setup/start" : "/setup/price")
            }
            return try show(identityPage(Form()), context)
        }
        routes.get("setup/progress") { [self] _, context in
            if try hooks.identity() != nil { return try context.fragment("share-setup-found", model: identityPage(Form())) }
            return try context.fragment("share-setup-progress", model: identityPage(Form()))
        }
        routes.post("setup/identity") { [self] _, context in
            var form = context.form
            let difficulty = form.integer("difficulty", "Difficulty", Self.difficulties)
            guard form.isValid else { return try show(identityPage(form), context, .unprocessableContent) }
            if try hooks.identity() == nil, state.begin(difficulty: difficulty) { search(difficulty) }
            return context.redirect(to: "/setup")
        }
    }

    private func search(_ difficulty: Int) {
        // It outlives the request: the page asks how far it is.
        Task { [hooks, state, logger] in
            do {
                try await hooks.makeIdentity(difficulty) { state.identity = .searching(difficulty: difficulty, tried: $0) }
                state.identity = .waiting
            } catch {
                logger.error("an identity could not be made", metadata: ["error": "\(error)"])
                state.identity = .failed("\(error)")
            }
        }
    }

    private func identityPage(_ form: Form) -> SetupPage {
        var page = SetupPage(
            step: 0,
            fields: [
                Field(
                    .number, "difficulty", "Difficulty", form: form, value: "\(Self.usualDifficulty)",
                    hint: "Public satellites ask for 30, which takes from minutes to hours. 8 is enough for a trial.",
                    minimum: "\(Self.difficulties.lowerBound)", maximum: "\(Self.difficulties.upperBound)", unit: "bits")
            ], errors: form.errors)
        page.isIdentity = true
        switch state.identity {
        case .waiting: break
        case .searching(let difficulty, let tried):
            page.isSearching = true
            let share = Double(tried) / Double(UInt64(1) << UInt64(difficulty))
            page.searchText = "\(Figure.count(tried).text) keys were tried; on average \(Figure.count(Int64(1) << Int64(difficulty)).text) are needed (\(Figure.percent(min(share, 9.99)).text))."
        case .failed(let problem):
            page.failure = problem
            page.hasFailure = true
        }
        return page
    }

    // MARK: Place

    private static let gigabyte: Int64 = 1_000_000_000

    func addPlace(to routes: RouterGroup<WebContext>) {
        routes.get("setup/place") { [self] _, context in try show(try placePage(Form()), context) }
        routes.post("setup/place") { [self] _, context in
            var form = context.form
            let disk = try hooks.disk()
            let space = Int64(form.integer("space", "Space", 1...100_000_000)) * Self.gigabyte
            let wallet = form.text("wallet", "Wallet", 0...42)
            let email = form.text("email", "E-mail", 0...254)
            let address = form.text("address", "Listen on", 3...100)
            let external = form.text("external", "Address from outside", 3...200)
            if form.error("space") == nil, space > disk.free { form.refuse("space", "The disk has \(Figure.bytes(disk.free).text) free.") }
            if !wallet.isEmpty, (try? Address(wallet)) == nil { form.refuse("wallet", "This is no Ethereum address with a right checksum.") }
            for (name, text) in [("address", address), ("external", external)] where form.error(name) == nil {
                let isAddress = text.split(separator: ":").last.flatMap { UInt16($0) }.map { $0 > 0 } ?? false
                if !isAddress || !text.contains(":") { form.refuse(name, "host:port, for instance node.example.org:28967") }
            }
            guard form.isValid else { return try show(try placePage(form), context, .unprocessableContent) }
            state.change { draft in
                (draft.allocated, draft.wallet, draft.email) = (space, wallet, email)
                (draft.address, draft.external, draft.hasPlace) = (address, external, true)
            }
            return context.redirect(to: "/setup/satellites")
        }
    }

    private func placePage(_ form: Form) throws -> SetupPage {
        let (draft, disk) = (state.draft, try hooks.disk())
        let proposed = draft.allocated > 0 ? draft.allocated : disk.free / 10 * 9
        var page = SetupPage(
            step: 1,
            fields: [
                Field(
                    .number, "space", "Space for customers", form: form, value: "\(max(1, proposed / Self.gigabyte))",
                    hint: "Nine tenths of what is free are proposed: a full disk is slow.", minimum: "1",
                    maximum: "\(max(1, disk.free / Self.gigabyte))", unit: "GB"),
                Field(
                    .text, "wallet", "Your wallet's address", form: form, value: draft.wallet,
                    hint: "Leave it empty and the node makes a wallet in its folder: keep a copy of wallet.json and wallet.password.", isRequired: false),
                Field(
                    .text, "address", "Listen on", form: form, value: draft.address, hint: "0.0.0.0 is every network of this machine."),
                Field(
                    .text, "external", "Address from outside", form: form, value: draft.external,
                    hint: "host:port under which others reach this machine: your name or public address, and the port that the router forwards."),
                Field(
                    .email, "email", "E-mail", form: form, value: draft.email, hint: "Where satellites write to when something is wrong.",
                    isRequired: false),
            ], errors: form.errors)
        page.isPlace = true
        page.diskText = "Everything goes to \(hooks.folder): its disk has \(Figure.bytes(disk.total).text), \(Figure.bytes(disk.free).text) of it free."
        return page
    }

    // MARK: Satellites

    /// More satellites than anybody works for.
    private static let maximumSatellites = 20

    func addSatellites(to routes: RouterGroup<WebContext>) {
        routes.get("setup/satellites") { [self] _, context in try show(satellitesPage(Form()), context) }
        routes.post("setup/satellites") { [self] _, context in
            var form = context.form
            let text = form.text("url", "Satellite", 10...300)
            guard form.isValid else { return try show(satellitesPage(form), context, .unprocessableContent) }
            do {
                let url = try SatelliteWish.parse(text)
                guard state.draft.satellites.count < Self.maximumSatellites else { throw SatelliteListError.known(url.id) }
                let probe = try probe()
                var facts = await probe.look(at: url)
                if facts.problem == nil {
                    let draft = state.draft
                    let answer = await probe.knock([url], listen: draft.address, external: draft.external)[url.id] ?? nil
                    facts.unreached = answer
                    facts.isReached = answer == nil
                }
                if let problem = facts.problem {
                    form.refuse("url", "\(url.address) cannot be taken: \(problem)")
                    return try show(satellitesPage(form), context, .unprocessableContent)
                }
                let found = facts
                state.change { draft in
                    draft.satellites.removeAll { $0.url.id == found.url.id }
                    draft.satellites.append(found)
                    if draft.quotes.isEmpty, let quote = found.market.quote {
                        draft.quotes = "fixed:\(PricePage.decimal(quote, .microUSD))"
                    }
                }
                return context.redirect(to: "/setup/satellites")
            } catch let error as TrustSource.Failure {
                form.refuse("url", "\(error)")
                return try show(satellitesPage(form), context, .unprocessableContent)
            }
        }
        routes.post("setup/satellites/map") { [self] _, context in
            context.redirect(to: "/setup/satellites", flash: try await askRouter())
        }
        routes.post("setup/satellites/remove") { [self] _, context in
            let id = context.form["id"] ?? ""
            state.change { draft in draft.satellites.removeAll { "\($0.url.id)" == id } }
            return context.redirect(to: "/setup/satellites")
        }
    }

    private func satellitesPage(_ form: Form) -> SetupPage {
        let satellites = state.draft.satellites
        var page = SetupPage(
            step: 2,
            fields: [
                Field(
                    .text, "url", "A satellite's address", form: form,
                    hint: "id@host:port. Its manifest is read and checked, and it knocks at your port from outside.")
            ], errors: form.errors)
        page.isSatellites = true
        page.satellites = satellites.map(SetupPage.Satellite.init)
        page.hasSatellites = !satellites.isEmpty
        page.natAdvice = satellites.contains { $0.unreached != nil }
        return page
    }

    // MARK: Price

    func addPrice(to routes: RouterGroup<WebContext>) {
        routes.get("setup/price") { [self] _, context in try show(pricePage(Form()), context) }
        routes.post("setup/price") { [self] _, context in
            var form = context.form
            let limit = PricePage.highest * 1_000_000
            let storage = form.decimal("storage", "Storage", scale: 6, 0...limit)
            let traffic = form.decimal("traffic", "Traffic", scale: 6, 0...limit)
            let quotes = form.text("quotes", "Price of STORJ", 0...500)
            guard form.isValid else { return try show(pricePage(form), context, .unprocessableContent) }
            state.change { draft in
                (draft.storage, draft.traffic, draft.quotes, draft.hasPrices) = (storage, traffic, quotes, true)
            }
            return form["action"] == "try" ? try show(pricePage(form), context) : context.redirect(to: "/setup/start")
        }
    }

    private func pricePage(_ form: Form) -> SetupPage {
        let draft = state.draft
        var page = SetupPage(
            step: 3,
            fields: [
                Field(
                    .number, "storage", "Storage, a TB for a month", form: form, value: PricePage.decimal(UInt64(clamping: draft.storage), .microUSD),
                    hint: "Lower it whenever you like; a rise holds after 30 days.", minimum: "0", step: "any", unit: "$/TB"),
                Field(
                    .number, "traffic", "Traffic, a TB", form: form, value: PricePage.decimal(UInt64(clamping: draft.traffic), .microUSD),
                    hint: "What goes out: downloads, repairs, audits.", minimum: "0", step: "any", unit: "$/TB"),
                Field(
                    .text, "quotes", "Where the price of STORJ comes from", form: form, value: draft.quotes,
                    hint: "Your own check on what satellites convert by: http://…#path.in.json, or fixed:0.25 for a trial.", isRequired: false),
            ], errors: form.errors)
        page.isPrice = true
        let prices = draft.satellites.flatMap { $0.market.bids.values.map(\.storage) }
        page.hasMarket = !prices.isEmpty
        let (own, dearest) = (UInt64(clamping: draft.storage), prices.max() ?? 0)
        page.high = PricePage.decimal(max(own * 3, dearest / 2 * 3, 1_000_000), .microUSD)
        page.offeredBytes = draft.allocated
        page.place = PricePage.place(own, prices)
        page.market = Histogram(
            title: "What nodes ask for storage", description: "Dollars for a TB and month at your satellites.",
            bins: Histogram.bins(prices.map { Double($0) }), unit: .microdollars, marker: ("yours", Double(draft.storage))
        ).markup
        page.rows = [25, 50, 100].map { percent in
            let bytes = UInt64(clamping: draft.allocated / 100 * Int64(percent))
            let worth = Pay.worth(
                .storage, price: UInt64(clamping: draft.storage), bytes: bytes, seconds: Pay.secondsPerMonth) ?? 0
            return SetupPage.Choice(
                title: "\(percent) % of your space filled", value: "\(Figure.money(microdollars: Int64(clamping: worth)).text) a month for storage")
        }
        return page
    }

    // MARK: Start

    func addStart(to routes: RouterGroup<WebContext>) {
        routes.get("setup/start") { [self] _, context in
            let draft = state.draft
            guard draft.hasPlace, !draft.satellites.isEmpty else { return context.redirect(to: "/setup") }
            var page = SetupPage(step: 4)
            page.isStart = true
            page.chainNote = SetupSettings.keeper(draft) == nil && SetupSettings.needsChain(draft)
            page.summary = [
                .init(title: "Node", value: try hooks.identity().map { "\($0.id)" } ?? ""),
                .init(title: "Space", value: Figure.bytes(draft.allocated).text),
                .init(title: "Wallet", value: draft.wallet.isEmpty ? "made in \(hooks.folder)" : draft.wallet),
                .init(title: "Reached at", value: draft.external),
                .init(title: "Satellites", value: draft.satellites.map(\.url.address).joined(separator: ", ")),
                .init(title: "Storage", value: Figure.money(microdollars: draft.storage).text + " a TB-month"),
                .init(title: "Traffic", value: Figure.money(microdollars: draft.traffic).text + " a TB"),
            ]
            return try show(page, context)
        }
        routes.post("setup/start") { [self] _, context in
            let draft = state.draft
            guard try hooks.identity() != nil, draft.hasPlace, !draft.satellites.isEmpty else {
                return context.redirect(to: "/setup", flash: .failed("Something is missing still."))
            }
            try await hooks.finish(SetupSettings.values(draft, app: settings))
            logger.notice("the node is set up", metadata: ["satellites": "\(draft.satellites.count)"])
            let response = try context.page(
                "share-setup-done", title: "Your node starts", shell: .plain(brand: ShareFrame.brand), model: SetupPage(step: 5),
                scripts: ["share-setup.js"], styles: ["share.css"])
            finish()
            return response
        }
    }
}
