// SPDX-License-Identifier: Apache-2.0

/// Takes the body of a message of HTTP/1 out of its framing (RFC 9112, 6 and 7).
///
/// It keeps nothing of what it is given but the beginning of trailers, so bytes it has taken need not be kept, and the outcome does not
/// depend on the pieces in which they come.
package struct HTTP1BodyDecoder {
    private enum Phase: UInt8 {
        case done, data, untilClose, chunkData, chunkCR, chunkLF, size, sizeLF, trailers
        case extensionName, extensionEquals, extensionToken, extensionQuoted, extensionEscaped,
            extensionEnd
    }

    private let limits: HTTP1Limits
    private var phase = Phase.done
    /// Bytes of data until the framing goes on.
    private var left: UInt64 = 0
    private var digits = 0
    private var extensionBytes = 0
    /// How many bytes the body has so far, those of the chunk included that has begun.
    private(set) var size: UInt64 = 0
    /// Those that a chunked body ended with.
    package private(set) var trailers: HTTPFields?
    /// Made when they begin.
    private var section: TrailerSection?

    /// Trailers that are not whole yet.
    private final class TrailerSection {
        var bytes: [UInt8] = []
        var parser: HTTP1HeadParser

        init(_ limits: HTTP1Limits) { parser = HTTP1HeadParser(.trailers, limits) }
    }

    package init(_ framing: HTTP1Framing, _ limits: HTTP1Limits) {
        self.limits = limits
        switch framing {
        case .empty: phase = .done
        case .length(let length):
            phase = .data
            left = length
            size = length
        case .chunked: phase = .size
        case .untilClose: phase = .untilClose
        }
    }

    /// Whether the body is whole.
    package var isDone: Bool { phase == .done }
    /// Whether it ends when the connection does.
    package var endsWithConnection: Bool { phase == .untilClose }

    /// How many of the bytes that come next are certainly data, so that they can be received where they are wanted.
    package var directLimit: Int {
        switch phase {
        case .data, .chunkData: Int(clamping: left)
        case .untilClose: Int(clamping: (limits.bodySize ?? UInt64.max) - size)
        default: 0
        }
    }

    /// Counts data that did not pass through ``decode(_:into:used:)``; at most ``directLimit``.
    package mutating func countDirect(_ count: Int) {
        switch phase {
        case .untilClose: size += UInt64(count)
        case .data, .chunkData: take(count)
        default: break
        }
    }

    private mutating func take(_ count: Int) {
        left -= UInt64(count)
        if left == 0 { phase = phase == .data ? .done : .chunkCR }
    }

    /// Takes bytes as far as there is data's room or the body's end; nil for `output`: the data is passed over.
    ///
    /// - Returns: how many bytes of data were put into `output`. What was not used of `input` has to be given again.
    package mutating func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer?, used: inout Int
    ) throws(HTTP1Refusal) -> Int {
        used = 0
        var filled = 0
        while used < input.count, phase != .done {
            switch phase {
            case .data, .chunkData, .untilClose:
                var count = input.count - used
                if phase == .untilClose {
                    if let limit = limits.bodySize, UInt64(count) > limit - size { throw .bodySize }
                } else {
                    count = min(count, Int(clamping: left))
                }
                if let output {
                    count = min(count, output.count - filled)
                    if count == 0 { return filled }
                    output[filled..<filled + count].copyBytes(from: input[used..<used + count])
                }
                used += count
                filled += count
                if phase == .untilClose { size += UInt64(count) } else { take(count) }
            case .trailers:
                let rest = UnsafeRawBufferPointer(rebasing: input[used...])
                used = input.count
                used -= try parseTrailers(rest)
            default:
                try frame(input[used])
                used += 1
            }
        }
        return filled
    }

    /// One byte of the framing of chunks.
    private mutating func frame(_ byte: UInt8) throws(HTTP1Refusal) {
        switch phase {
        case .size:
            if let digit = HTTPSyntax.hexadecimal(byte) {
                digits += 1
                guard digits <= 16, left >> 56 == 0 else { throw .chunkSize }
                left = left << 4 | UInt64(digit)
                return
            }
            guard digits > 0 else { throw .chunkSize }
            switch byte {
            case 0x0D: phase = .sizeLF
            case 0x3B: try beginExtension()
            default: throw .chunkSize
            }
        case .sizeLF:
            guard byte == 0x0A else { throw .lineEnd }
            guard left <= (limits.bodySize ?? UInt64(Int64.max)) - size else { throw .bodySize }
            size += left
            phase = left == 0 ? .trailers : .chunkData
        case .chunkCR:
            guard byte == 0x0D else { throw .chunkEnd }
            phase = .chunkLF
        case .chunkLF:
            guard byte == 0x0A else { throw .chunkEnd }
            phase = .size
            digits = 0
        default: try frameExtension(byte)
        }
    }

    // MARK: - Extensions, which are checked and passed over (RFC 9112, 7.1.1)

    private mutating func beginExtension() throws(HTTP1Refusal) {
        phase = .extensionName
        // Whether a name has a character yet.
        digits = 0
        try countExtension()
    }

    private mutating func countExtension() throws(HTTP1Refusal) {
        extensionBytes += 1
        guard extensionBytes <= limits.extensionSize else { throw .extensionSize }
    }

    private mutating func frameExtension(_ byte: UInt8) throws(HTTP1Refusal) {
        try countExtension()
        switch phase {
        case .extensionName where HTTPSyntax.isToken(byte): digits = 1
        case .extensionName where byte == 0x3D && digits > 0: phase = .extensionEquals
        case .extensionName where digits > 0, .extensionToken where !HTTPSyntax.isToken(byte),
            .extensionEnd:
            switch byte {
            case 0x0D: phase = .sizeLF
            case 0x3B: try beginExtension()
            default: throw .chunkExtension
            }
        case .extensionEquals where HTTPSyntax.isToken(byte): phase = .extensionToken
        case .extensionEquals where byte == 0x22: phase = .extensionQuoted
        case .extensionToken: break
        case .extensionQuoted where byte == 0x22: phase = .extensionEnd
        case .extensionQuoted where byte == 0x5C: phase = .extensionEscaped
        case .extensionQuoted where isText(byte): break
        case .extensionEscaped where isText(byte): phase = .extensionQuoted
        default: throw .chunkExtension
        }
    }

    private func isText(_ byte: UInt8) -> Bool { byte == 0x09 || (byte >= 0x20 && byte != 0x7F) }

    // MARK: - Trailers

    /// Goes on with the trailers; how many bytes were too many.
    private mutating func parseTrailers(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Refusal) -> Int {
        let section = self.section ?? TrailerSection(limits)
        self.section = section
        section.bytes.append(contentsOf: bytes)
        let length = try section.bytes.withUnsafeBufferPointer { (bytes) throws(HTTP1Refusal) in
            try section.parser.parse(UnsafeRawBufferPointer(bytes))
        }
        guard let length else { return 0 }
        let surplus = section.bytes.count - length
        if !section.parser.head.entries.isEmpty {
            trailers = HTTPFields(valid: section.bytes, section.parser.head.entries)
        }
        self.section = nil
        phase = .done
        return surplus
    }
}
