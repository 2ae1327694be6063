// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// A request and its response on a stream, at a server.
package final class HTTP2Exchange: ServerExchange {
    package let stream: HTTP2Stream
    package let peer: HTTPPeer
    package let body: any BodyReader

    /// Makes one of a stream that was received.
    package init(_ stream: HTTP2Stream, peer: HTTPPeer) {
        self.stream = stream
        self.peer = peer
        body = HTTP2BodyReader(stream)
    }

    package var request: HTTPRequest { stream.request ?? HTTPRequest() }

    package func sendInformational(_ response: HTTPResponse) throws(HTTPError) {
        try stream.sendInformational(response)
    }

    package func respond(_ response: HTTPResponse, hasBody: Bool) throws(HTTPError) -> any BodyWriter {
        try stream.respond(response, hasBody: hasBody)
        return HTTP2BodyWriter(stream)
    }

    package var isClosed: Bool { stream.session == nil }
    package var closed: Readiness { stream.closed }
}
