// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Proxy.IncomingHandler: Proxy.IncomingHandler.Exports {
    static func handle(request: consuming IncomingRequest, responseOut: consuming ResponseOutparam) {
        let fields = Proxy.Types.Fields()
        try? fields.append(name: "content-type", value: Array("text/plain".utf8))
        let response = Proxy.Types.OutgoingResponse(headers: fields)
        guard let body = try? response.body() else { return }
        ResponseOutparam.set(param: responseOut, response: .success(response))
        write("Hello, World!\n", to: body)
        try? Proxy.Types.OutgoingBody.finish(this: body, trailers: nil)
    }
}

/// Writes text to a body; the stream is dropped at the end, as a body's has to be before it is finished.
private func write(_ text: String, to body: borrowing Proxy.Types.OutgoingBody) {
    guard let stream = try? body.write() else { return }
    try? stream.blockingWriteAndFlush(contents: Array(text.utf8))
}
