// SPDX-License-Identifier: Apache-2.0

/// Reads the head of a request or response of HTTP/1.1 or HTTP/1.0 (RFC 9112), strictly: what another recipient could understand
/// otherwise is refused.
///
/// It is given all bytes of the head there are, again and again from the first one; it goes on where it stopped, so the outcome and
/// the work do not depend on the pieces in which they come. Nothing beyond the limits is looked at.
package struct HTTP1HeadParser {
    /// What is read.
    package enum Kind { case request, response, trailers }

    private enum Phase: UInt8 {
        case start, method, target, version, status, reason, fieldStart, fieldName, fieldSpace,
            fieldValue
    }

    private static let cr: UInt8 = 0x0D
    private static let lf: UInt8 = 0x0A

    private let kind: Kind
    private let limits: HTTP1Limits
    private var phase = Phase.start
    /// What is looked at next.
    private var index = 0
    /// Where the part began that is being read: a method, a target, a field's line.
    private var part = 0
    private var emptyLines = 0
    private var colon = 0
    private var value = 0
    private var hasCoding = false
    /// What was found so far; all of it once ``parse(_:)`` has returned a length.
    package private(set) var head = HTTP1Head()

    package init(_ kind: Kind, _ limits: HTTP1Limits) {
        self.kind = kind
        self.limits = limits
        reset()
    }

    /// Begins with another message.
    package mutating func reset() {
        phase = kind == .trailers ? .fieldStart : .start
        index = 0
        emptyLines = 0
        hasCoding = false
        head = HTTP1Head()
    }

    /// Goes on with what has come.
    ///
    /// - Returns: the length of the head, nil when more is needed.
    package mutating func parse(_ all: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Int? {
        let limit = kind == .trailers ? limits.trailerSize : limits.headSize
        let bytes = UnsafeRawBufferPointer(rebasing: all.prefix(limit))
        if let length = try advance(bytes) { return length }
        guard all.count < limit else {
            throw kind == .trailers ? .trailerSize : phase == .target ? .targetSize : .headSize
        }
        return nil
    }

    private mutating func advance(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Int? {
        while true {
            let isDone: Bool
            switch phase {
            case .start: isDone = try start(bytes)
            case .method: isDone = try method(bytes)
            case .target: isDone = try target(bytes)
            case .version: isDone = try version(bytes)
            case .status: isDone = try status(bytes)
            case .reason: isDone = try reason(bytes)
            case .fieldStart:
                guard index < bytes.count else { return nil }
                if bytes[index] == Self.cr {
                    guard index &+ 1 < bytes.count else { return nil }
                    guard bytes[index &+ 1] == Self.lf else { throw .lineEnd }
                    let length = index &+ 2
                    try finish(bytes)
                    return length
                }
                guard bytes[index] != 0x20, bytes[index] != 0x09 else { throw .folding }
                guard bytes[index] != Self.lf else { throw .lineEnd }
                guard head.entries.count < limits.fieldCount else { throw .fieldCount }
                if head.entries.isEmpty { head.entries.reserveCapacity(12) }
                part = index
                phase = .fieldName
                isDone = true
            case .fieldName: isDone = try fieldName(bytes)
            case .fieldSpace:
                while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 {
                    guard index &- part < limits.fieldSize else { throw .fieldSize }
                    index &+= 1
                }
                guard index < bytes.count else { return nil }
                value = index
                phase = .fieldValue
                isDone = true
            case .fieldValue: isDone = try fieldValue(bytes)
            }
            if !isDone { return nil }
        }
    }

    // MARK: - The first line

    /// Passes over empty lines, which clients may send before a request (RFC 9112, 2.2).
    private mutating func start(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        guard index < bytes.count else { return false }
        guard kind == .request else {
            phase = .status
            return true
        }
        guard bytes[index] == Self.cr else {
            part = index
            phase = .method
            return true
        }
        guard index &+ 1 < bytes.count else { return false }
        guard bytes[index &+ 1] == Self.lf else { throw .lineEnd }
        emptyLines &+= 1
        guard emptyLines <= 4 else { throw .emptyLines }
        index &+= 2
        return true
    }

    private mutating func method(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        while index < bytes.count, HTTPSyntax.isToken(bytes[index]) {
            index &+= 1
            guard index &- part <= 32 else { throw .unknownMethod }
        }
        guard index < bytes.count else { return false }
        guard index > part, bytes[index] == 0x20 else { throw .method }
        head.method = HTTP1Head.Part(start: part, count: index &- part)
        index &+= 1
        part = index
        phase = .target
        return true
    }

    private mutating func target(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        let limit = min(bytes.count, part &+ limits.targetSize &+ 1)
        index = HTTPSyntax.endOfTarget(UnsafeRawBufferPointer(rebasing: bytes[..<limit]), from: index)
        guard index &- part <= limits.targetSize else { throw .targetSize }
        guard index < bytes.count else { return false }
        guard index > part, bytes[index] == 0x20 else { throw .target }
        head.target = HTTP1Head.Part(start: part, count: index &- part)
        index &+= 1
        part = index
        phase = .version
        return true
    }

    /// Compares with `HTTP/1.1`, or tells at which byte another one stands; nil when more is needed.
    private mutating func versionNumber(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        let name: StaticString = "HTTP/"
        let count = min(8, bytes.count &- index)
        for offset in 0..<count {
            let byte = bytes[index &+ offset]
            switch offset {
            case 0..<5:
                guard byte == name.utf8Start[offset] else {
                    throw kind == .request ? .version : .statusLine
                }
            case 6: guard byte == 0x2E else { throw kind == .request ? .version : .statusLine }
            default: guard byte &- 0x30 < 10 else { throw kind == .request ? .version : .statusLine }
            }
        }
        guard count == 8 else { return false }
        guard bytes[index &+ 5] == 0x31, bytes[index &+ 7] &- 0x30 < 2 else { throw .otherVersion }
        head.isHTTP10 = bytes[index &+ 7] == 0x30
        return true
    }

    private mutating func version(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        guard try versionNumber(bytes) else { return false }
        guard index &+ 8 < bytes.count else { return false }
        guard bytes[index &+ 8] == Self.cr else { throw .version }
        guard index &+ 9 < bytes.count else { return false }
        guard bytes[index &+ 9] == Self.lf else { throw .version }
        index &+= 10
        phase = .fieldStart
        return true
    }

    private mutating func status(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        guard try versionNumber(bytes) else { return false }
        guard index &+ 8 < bytes.count else { return false }
        guard bytes[index &+ 8] == 0x20 else { throw .statusLine }
        var status: UInt16 = 0
        for place in index &+ 9..<index &+ 12 {
            guard place < bytes.count else { return false }
            let digit = bytes[place] &- 0x30
            guard digit < 10 else { throw .statusLine }
            status = status * 10 + UInt16(digit)
        }
        guard status >= 100 else { throw .statusLine }
        guard index &+ 12 < bytes.count else { return false }
        // A reason may be left out, and many leave out the space before it, too.
        guard bytes[index &+ 12] == 0x20 || bytes[index &+ 12] == Self.cr else { throw .statusLine }
        head.status = status
        index &+= 12
        part = index
        phase = .reason
        return true
    }

    private mutating func reason(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        guard try line(bytes, .statusLine) != nil else { return false }
        phase = .fieldStart
        return true
    }

    // MARK: - Fields

    private mutating func fieldName(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        while index < bytes.count, HTTPSyntax.isToken(bytes[index]) {
            index &+= 1
            guard index &- part < limits.fieldSize else { throw .fieldSize }
        }
        guard index < bytes.count else { return false }
        guard index > part, bytes[index] == 0x3A else { throw .fieldName }
        colon = index
        index &+= 1
        phase = .fieldSpace
        return true
    }

    private mutating func fieldValue(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Bool {
        guard var end = try line(bytes, .fieldValue) else { return false }
        while end > value, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
        head.entries.append(
            HTTPFields.Entry(
                name: UInt32(truncatingIfNeeded: part),
                nameCount: UInt32(truncatingIfNeeded: colon &- part),
                value: UInt32(truncatingIfNeeded: value),
                valueCount: UInt32(truncatingIfNeeded: end &- value)))
        try field(
            UnsafeRawBufferPointer(rebasing: bytes[part..<colon]),
            UnsafeRawBufferPointer(rebasing: bytes[value..<end]))
        phase = .fieldStart
        return true
    }

    /// Passes over the rest of a line and its end; where the end is, nil when more is needed.
    private mutating func line(
        _ bytes: UnsafeRawBufferPointer, _ refusal: HTTP1Refusal
    ) throws(HTTP1Refusal) -> Int? {
        let limit = min(bytes.count, part &+ limits.fieldSize)
        let window = UnsafeRawBufferPointer(rebasing: bytes[..<limit])
        while true {
            index = HTTPSyntax.endOfValue(window, from: index)
            guard index < limit, bytes[index] == 0x09 else { break }
            index &+= 1
        }
        guard index < limit else {
            guard limit == bytes.count else { throw .fieldSize }
            return nil
        }
        guard bytes[index] == Self.cr else { throw bytes[index] == Self.lf ? .lineEnd : refusal }
        guard index &+ 1 < bytes.count else { return nil }
        guard bytes[index &+ 1] == Self.lf else { throw .lineEnd }
        defer { index &+= 2 }
        return index
    }

    /// Looks at the fields that say how the message and the connection go on.
    private mutating func field(
        _ name: UnsafeRawBufferPointer, _ content: UnsafeRawBufferPointer
    ) throws(HTTP1Refusal) {
        if kind == .trailers { return try trailer(name) }
        switch name.count {
        case 4 where kind == .request && HTTPSyntax.equals(name, "host"):
            guard head.host == nil else { throw .severalHosts }
            guard HTTPAuthority.isValid(content) || content.isEmpty else { throw .host }
            head.host = HTTP1Head.Part(start: value, count: content.count)
        case 6 where kind == .request && HTTPSyntax.equals(name, "expect"):
            if head.isHTTP10 { return }
            guard HTTPSyntax.equals(content, "100-continue") else { throw .expectation }
            head.expectsContinue = true
        case 10 where HTTPSyntax.equals(name, "connection"):
            var list = HTTPTokenList(content)
            while let token = list.next() {
                if HTTPSyntax.equals(token, "close") { head.saysClose = true }
                if HTTPSyntax.equals(token, "keep-alive") { head.saysKeepAlive = true }
            }
            guard !list.isInvalid else { throw .connection }
        case 14 where HTTPSyntax.equals(name, "content-length"):
            guard head.contentLength == nil else { throw .severalLengths }
            guard let length = HTTPSyntax.number(content) else { throw .contentLength }
            head.contentLength = length
        case 17 where HTTPSyntax.equals(name, "transfer-encoding"):
            guard !head.isHTTP10 else { throw .codingInHTTP10 }
            guard !hasCoding else { throw .severalCodings }
            hasCoding = true
            try coding(content)
        default: break
        }
    }

    /// Refuses what recipients must have known before the body (RFC 9110, 6.5.1).
    private func trailer(_ name: UnsafeRawBufferPointer) throws(HTTP1Refusal) {
        let isForbidden =
            switch name.count {
            case 2: HTTPSyntax.equals(name, "te")
            case 4: HTTPSyntax.equals(name, "host")
            case 7: HTTPSyntax.equals(name, "trailer") || HTTPSyntax.equals(name, "upgrade")
            case 10: HTTPSyntax.equals(name, "connection") || HTTPSyntax.equals(name, "keep-alive")
            case 14: HTTPSyntax.equals(name, "content-length")
            case 17: HTTPSyntax.equals(name, "transfer-encoding")
            default: false
            }
        if isForbidden { throw .trailerName }
    }

    private mutating func coding(_ content: UnsafeRawBufferPointer) throws(HTTP1Refusal) {
        if HTTPSyntax.equals(content, "chunked") {
            head.isChunked = true
            return
        }
        // With `chunked` in the last place alone, the length would be clear.
        var list = HTTPTokenList(content)
        var (last, chunked) = (false, 0)
        while let token = list.next() {
            last = HTTPSyntax.equals(token, "chunked")
            if last { chunked += 1 }
        }
        throw last && chunked == 1 && !list.isInvalid && !list.hasEmptyMembers ? .otherCoding : .coding
    }

    private mutating func finish(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) {
        if hasCoding && head.contentLength != nil { throw .lengthAndCoding }
        guard kind == .request else { return }
        if head.host == nil && !head.isHTTP10 { throw .noHost }
        try checkTarget(bytes)
        if let limit = limits.bodySize, let length = head.contentLength, length > limit {
            throw .bodySize
        }
    }
}
