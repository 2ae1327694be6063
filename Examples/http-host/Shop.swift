// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Site.IncomingHandler: Site.IncomingHandler.Exports {
    static func handle(request: Site.Types.IncomingRequest, responseOut: Site.Types.ResponseOutparam) {
        HTTP.respond(request, responseOut) { request in
            do throws(HTTPError) {
                let stock = try HTTP.send("GET", "http://stock.internal" + request.path)
                guard stock.status == 200 else { return HTTPResponse("We do not sell that.\n", status: 404) }
                return HTTPResponse("We have \(String(decoding: stock.body, as: UTF8.self)).\n")
            } catch {
                return HTTPResponse("\(error)\n", status: 502)
            }
        }
    }
}
