// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

// Sends back what it is sent, as it comes: however long a body is, little of it is in memory at any time.

extension Proxy.IncomingHandler: Proxy.IncomingHandler.Exports {
    static func handle(request: consuming IncomingRequest, responseOut: consuming ResponseOutparam) {
        let response = Proxy.Types.OutgoingResponse(headers: Proxy.Types.Fields())
        guard let incoming = try? request.consume(), let outgoing = try? response.body() else { return }
        ResponseOutparam.set(param: responseOut, response: .success(response))
        copy(incoming, outgoing)
        try? Proxy.Types.OutgoingBody.finish(this: outgoing, trailers: nil)
    }
}

/// Copies a body; both streams are dropped at the end.
private func copy(_ incoming: borrowing Proxy.Types.IncomingBody, _ outgoing: borrowing Proxy.Types.OutgoingBody) {
    guard let input = try? incoming.stream(), let output = try? outgoing.write() else { return }
    // Bytes are moved by the host, and never come into this component's memory.
    while (try? output.blockingSplice(src: input, len: 64 << 10)) != nil {}
}
