// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Site.IncomingHandler: Site.IncomingHandler.Exports {
    static func handle(request: Site.Types.IncomingRequest, responseOut: Site.Types.ResponseOutparam) {
        HTTP.respond(request, responseOut) { request in
            switch request.path {
            case "/": HTTPResponse("Hello, World!\n")
            case "/echo": HTTPResponse(headers: [(name: "x-method", value: request.method)], body: request.body())
            case "/agent": HTTPResponse(request.header("user-agent") ?? "nobody")
            default: HTTPResponse("There is nothing here.\n", status: 404)
            }
        }
    }
}
