// SPDX-License-Identifier: Apache-2.0

package import DovetailHTTP

/// What a message of HTTP/1 comes to when it arrives in pieces.
package enum ParsedMessage: Equatable, CustomStringConvertible {
    case request(HTTPRequest, body: String, trailers: HTTPFields?, keepsAlive: Bool, rest: String)
    case response(HTTPResponse, body: String, trailers: HTTPFields?, keepsAlive: Bool, rest: String)
    case refused(UInt16, String)
    case incomplete

    package var description: String {
        switch self {
        case .request(let request, let body, let trailers, let keepsAlive, let rest):
            "\(request) body \(body.debugDescription) trailers \(trailers as Any) keeps \(keepsAlive) rest \(rest)"
        case .response(let response, let body, let trailers, let keepsAlive, let rest):
            "\(response) body \(body.debugDescription) trailers \(trailers as Any) keeps \(keepsAlive) rest \(rest)"
        case .refused(let status, let reason): "\(status) \(reason)"
        case .incomplete: "incomplete"
        }
    }

    /// Reads a message whose bytes come in pieces that end at `ends`.
    ///
    /// - Parameters:
    ///   - outputSize: how many bytes of the body are taken at once.
    ///   - isDirect: whether bytes that are certainly data pass the decoder by, as they do when they are received where they are wanted.
    package static func parse(
        _ kind: HTTP1HeadParser.Kind, _ bytes: [UInt8], ends: [Int], limits: HTTP1Limits = HTTP1Limits(),
        toMethod method: String = "GET", outputSize: Int = 1000, isDirect: Bool = false
    ) -> ParsedMessage {
        var parser = HTTP1HeadParser(kind, limits)
        var headLength: Int?
        var decoder = HTTP1BodyDecoder(.empty, limits)
        var body: [UInt8] = []
        var position = 0
        do throws(HTTP1Refusal) {
            for end in ends + [bytes.count] {
                if headLength == nil {
                    headLength = try bytes[..<end].withRaw { (bytes) throws(HTTP1Refusal) in try parser.parse(bytes) }
                    guard let length = headLength else { continue }
                    position = length
                    decoder = HTTP1BodyDecoder(
                        kind == .request ? parser.requestFraming : parser.responseFraming(toMethod: method), limits)
                }
                while position < end, !decoder.isDone {
                    let direct = isDirect ? min(end - position, outputSize, decoder.directLimit) : 0
                    if direct > 0 {
                        body += bytes[position..<position + direct]
                        position += direct
                        decoder.countDirect(direct)
                        continue
                    }
                    var output = [UInt8](repeating: 0, count: outputSize)
                    var used = 0
                    let count = try bytes[position..<end].withRaw { (input) throws(HTTP1Refusal) in
                        try output.withUnsafeMutableBufferPointer { (output) throws(HTTP1Refusal) in
                            try decoder.decode(input, into: UnsafeMutableRawBufferPointer(output), used: &used)
                        }
                    }
                    body += output.prefix(count)
                    position += used
                }
            }
        } catch {
            return .refused(error.status, "\(error.reason)")
        }
        guard let headLength, decoder.isDone || decoder.endsWithConnection else { return .incomplete }
        let text = String(decoding: body, as: UTF8.self)
        let rest = String(decoding: bytes[position...], as: UTF8.self)
        let head = Array(bytes[..<headLength])
        guard kind == .request else {
            let response = head.withUnsafeBytes { parser.response($0) }
            return .response(
                response, body: text, trailers: decoder.trailers, keepsAlive: parser.head.keepsAlive, rest: rest)
        }
        return .request(
            parser.head.request(head, isSecure: false), body: text, trailers: decoder.trailers,
            keepsAlive: parser.head.keepsAlive, rest: rest)
    }

    /// The outcomes at once, byte by byte, cut in two at each place, and with little room for the body.
    package static func everyWay(
        _ kind: HTTP1HeadParser.Kind, _ bytes: [UInt8], limits: HTTP1Limits = HTTP1Limits(),
        toMethod method: String = "GET"
    ) -> [ParsedMessage] {
        var outcomes = [parse(kind, bytes, ends: [], limits: limits, toMethod: method)]
        func add(_ ends: [Int], outputSize: Int = 1000) {
            let outcome = parse(kind, bytes, ends: ends, limits: limits, toMethod: method, outputSize: outputSize)
            if outcome != outcomes[0] { outcomes.append(outcome) }
        }
        add(Array(1..<max(1, bytes.count)))
        add(Array(1..<max(1, bytes.count)), outputSize: 1)
        add([], outputSize: 1)
        let step = max(1, bytes.count / 400)
        for end in stride(from: 1, to: max(1, bytes.count), by: step) { add([end]) }
        return outcomes
    }
}

extension ArraySlice where Element == UInt8 {
    /// As `withUnsafeBytes`, which does not keep the type of what `body` throws.
    package func withRaw<Success, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
