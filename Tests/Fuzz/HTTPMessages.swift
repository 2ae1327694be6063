// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailTestSupport

/// Messages of HTTP/1: whatever the bytes, and in whatever pieces they come, they come to the same; and what is taken for a message is
/// one, with one meaning.
enum HTTPMessages {
    /// Limits that small inputs can reach.
    private static let tight: HTTP1Limits = {
        var limits = HTTP1Limits()
        limits.targetSize = 24
        limits.headSize = 160
        limits.fieldCount = 4
        limits.fieldSize = 48
        limits.extensionSize = 8
        limits.trailerSize = 32
        limits.bodySize = 40
        return limits
    }()

    static func check(_ kind: HTTP1HeadParser.Kind, _ bytes: [UInt8]) {
        var numbers = Numbers(bytes)
        for limits in [HTTP1Limits(), tight] {
            for method in kind == .request ? ["GET"] : ["GET", "HEAD"] {
                check(kind, bytes, limits, method, &numbers)
            }
        }
    }

    private static func check(
        _ kind: HTTP1HeadParser.Kind, _ bytes: [UInt8], _ limits: HTTP1Limits, _ method: String,
        _ numbers: inout Numbers
    ) {
        func outcome(_ ends: [Int], _ size: Int, isDirect: Bool = false) -> ParsedMessage {
            ParsedMessage.parse(
                kind, bytes, ends: ends, limits: limits, toMethod: method, outputSize: size, isDirect: isDirect)
        }
        let whole = outcome([], 1000)
        var ways: [(ends: [Int], size: Int)] = [(Array(1..<max(1, bytes.count)), 1000), ([], 1)]
        for _ in 0..<4 { ways.append((numbers.ends(bytes.count), 1 + numbers.next(below: 40))) }
        for way in ways {
            for isDirect in [false, true] {
                let found = outcome(way.ends, way.size, isDirect: isDirect)
                precondition(found == whole, "in pieces to \(way.ends), room \(way.size): \(found), at once: \(whole)")
            }
        }
        switch whole {
        case .request(let request, _, _, _, _): checkTaken(request, bytes)
        case .response(let response, _, _, _, _): checkTaken(response, bytes)
        case .refused(let status, _):
            precondition([400, 413, 414, 417, 431, 501, 505].contains(status), "no status of a refusal: \(status)")
        case .incomplete: break
        }
    }

    // MARK: - What was taken

    /// The head of a message that was taken has no line that another recipient could see another line in.
    private static func checkLines(_ bytes: [UInt8]) {
        // Empty lines may come before a request.
        var lines = 0
        var index = 0
        while index < bytes.count {
            precondition(bytes[index] != 0, "NUL in a head")
            precondition(bytes[index] != 0x0A, "LF without CR in a head")
            if bytes[index] == 0x0D {
                precondition(index + 1 < bytes.count && bytes[index + 1] == 0x0A, "CR without LF in a head")
                index += 2
                if index + 1 < bytes.count, bytes[index] == 0x0D, lines > 0 { return }
                if index < bytes.count, lines > 0 {
                    precondition(bytes[index] != 0x20 && bytes[index] != 0x09, "a folded line in a head")
                }
                continue
            }
            lines += 1
            index += 1
        }
    }

    /// What is taken for a request is the same request when it is written again.
    private static func checkTaken(_ request: HTTPRequest, _ bytes: [UInt8]) {
        checkLines(bytes)
        var output = ByteQueue()
        do {
            try HTTP1Writer.requestLine(request, to: &output)
        } catch {
            // Longer than methods are.
            return precondition(request.method.utf8.count > 32, "a request that was taken cannot be written: \(error)")
        }
        HTTP1Writer.fields(request.fields, isRequest: true, to: &output)
        "\r\n".utf8.withContiguousStorageIfAvailable { output.append(UnsafeRawBufferPointer($0)) }
        let again = ParsedMessage.parse(.request, Array(output.bytes), ends: [], limits: wide)
        // What is written is HTTP/1.1, where an expectation counts that has no meaning in HTTP/1.0.
        if case .refused(417, _) = again { return precondition(request.fields.contains("expect")) }
        guard case .request(let other, "", nil, _, "") = again else {
            preconditionFailure("what was written is no request: \(again)")
        }
        precondition(
            other.method == request.method && other.pathWithQuery == request.pathWithQuery
                && (other.authority ?? "") == (request.authority ?? ""), "a request comes back as \(other)")
        precondition(
            meaning(other.fields) == meaning(request.fields), "fields come back as \(other.fields)")
    }

    private static func checkTaken(_ response: HTTPResponse, _ bytes: [UInt8]) {
        checkLines(bytes)
        var output = ByteQueue()
        HTTP1Writer.statusLine(response.status, to: &output)
        HTTP1Writer.fields(response.fields, to: &output)
        "\r\n".utf8.withContiguousStorageIfAvailable { output.append(UnsafeRawBufferPointer($0)) }
        let again = ParsedMessage.parse(.response, Array(output.bytes), ends: [], limits: wide, toMethod: "HEAD")
        guard case .response(let other, "", nil, _, "") = again else {
            preconditionFailure("what was written is no response: \(again)")
        }
        precondition(other.status == response.status, "a response comes back as \(other)")
        precondition(meaning(other.fields) == meaning(response.fields), "fields come back as \(other.fields)")
    }

    /// What is written again may be a little longer.
    private static let wide: HTTP1Limits = {
        var limits = HTTP1Limits()
        limits.headSize *= 2
        limits.fieldCount += 1
        limits.fieldSize *= 2
        limits.targetSize *= 2
        return limits
    }()

    /// The fields that are the message's and not the connection's.
    private static func meaning(_ fields: HTTPFields) -> [String] {
        let others: Set = [
            "host", "te", "upgrade", "connection", "keep-alive", "content-length", "proxy-connection",
            "transfer-encoding",
        ]
        return fields.compactMap {
            others.contains($0.name.lowercased()) ? nil : "\($0.name.lowercased()): \($0.value)"
        }
    }

    /// Numbers that depend on an input alone, so that it can be tried again.
    private struct Numbers {
        private var state: UInt64 = 0xCBF2_9CE4_8422_2325

        init(_ bytes: [UInt8]) {
            for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }

        /// Places to cut so many bytes at.
        mutating func ends(_ count: Int) -> [Int] {
            var ends: [Int] = []
            var end = 0
            let largest = 1 + next(below: 64)
            while true {
                end += 1 + next(below: largest)
                guard end < count else { return ends }
                ends.append(end)
            }
        }
    }
}
