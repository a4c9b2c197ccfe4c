import ConsoleKit
import HTTPTypes
import Hummingbird
import Logging
import StorageModel
import StorageNode

/// The satellites the node works for, and a form for one more.
struct SatellitesPage: Sendable {
    let head: PageHead
    let satellites: [SatelliteRow]
    let hasSatellites: Bool
    let fields: [Field]
    let errors: [FormError]

    init(_ snapshot: NodeSnapshot, form: Form = Form()) {
        head = PageHead("Satellites", lede: "Whom this node works for, what they think of it, and whether they pay.")
        satellites = SatelliteRow.rows(of: snapshot)
        hasSatellites = !satellites.isEmpty
        fields = [
            Field(
                .text, "url", "Address of a satellite", form: form,
                hint: "id@host:port, as the satellite's operator gives it. The node checks in at once.")
        ]
        errors = form.errors
    }
}

extension StorjShare {
    func addSatellites(to routes: RouterGroup<WebContext>) {
        routes.get("satellites") { [self] _, context in
            try satellites(context, SatellitesPage(try await desk.snapshot()), .ok)
        }
        routes.post("satellites") { [self] _, context in
            var form = context.form
            let text = form.text("url", "Address", 10...300)
            do {
                guard form.isValid else { throw SatelliteWish.none }
                let satellite = try SatelliteWish.parse(text)
                try await node.add(satellite)
                desk.forget()
                logger.notice("the farmer adds a satellite", metadata: ["satellite": "\(satellite)"])
                return context.redirect(to: "/satellites", flash: .done("The node works for \(satellite.address) now."))
            } catch let error as TrustSource.Failure {
                form.refuse("url", "\(error)")
            } catch let error as SatelliteListError {
                form.refuse("url", "\(error)")
            } catch is SatelliteWish {}
            return try satellites(context, SatellitesPage(try await desk.snapshot(), form: form), .unprocessableContent)
        }
        addSatellite(to: routes)
    }

    private func satellites(
        _ context: WebContext, _ page: SatellitesPage, _ status: HTTPResponse.Status
    ) throws -> Response {
        try context.page(
            "share-satellites", title: "Satellites", shell: shell(context), model: page, status: status,
            styles: ["share.css"])
    }
}

/// A text that names one satellite.
enum SatelliteWish: Error {
    /// Nothing, or more than one.
    case none

    static func parse(_ text: String) throws -> NodeURL {
        let satellites = try TrustSource.parse(text)
        guard let satellite = satellites.first, satellites.count == 1 else {
            throw TrustSource.Failure.badEntry(text, reason: "one satellite at a time")
        }
        return satellite
    }
}
