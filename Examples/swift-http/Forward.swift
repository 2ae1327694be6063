// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Site.IncomingHandler: Site.IncomingHandler.Exports {
    static func handle(request: Site.Types.IncomingRequest, responseOut: Site.Types.ResponseOutparam) {
        HTTP.respond(request, responseOut) { request in
            do throws(HTTPError) {
                return try HTTP.send(
                    request.method, "http://upstream.example:8080" + request.path,
                    headers: [(name: "x-forwarded", value: "yes")], body: request.body())
            } catch {
                return HTTPResponse("\(error)\n", status: 502)
            }
        }
    }
}
