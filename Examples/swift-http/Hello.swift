// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Site.IncomingHandler: Site.IncomingHandler.Exports {
    static func handle(request: Site.Types.IncomingRequest, responseOut: Site.Types.ResponseOutparam) {
        HTTP.respond(request, responseOut) { _ in HTTPResponse("Hello, World!\n") }
    }
}
