// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

extension CanonicalContext {
    /// The bit of a string's length that says UTF-16. (CanonicalABI.md, `utf16_tag`)
    var utf16Tag: UInt64 { is64 ? 1 << 63 : 1 << 31 }

    /// The text that pointer and length stand for, inside the memory but not yet checked for well-formedness.
    /// (CanonicalABI.md, `load_string_from_range`)
    mutating func text(pointer: UInt64, taggedLength: UInt64) throws(ABIError) -> Text {
        var encoding = TextEncoding.utf8
        var units = taggedLength
        var alignment: UInt64 = 1
        switch stringEncoding {
        case .utf8: break
        case .utf16:
            encoding = .utf16
            alignment = 2
        case .latin1OrUTF16:
            alignment = 2
            if taggedLength & utf16Tag != 0 {
                encoding = .utf16
                units = taggedLength ^ utf16Tag
            } else {
                encoding = .latin1
            }
        }
        let (size, overflow) = units.multipliedReportingOverflow(by: encoding == .utf16 ? 2 : 1)
        guard !overflow, size <= CanonicalLimits.maxByteLength else { throw .stringTooLong(overflow ? units : size) }
        guard pointer & (alignment &- 1) == 0 else { throw .unaligned(pointer: pointer, alignment: alignment) }
        guard contains(pointer, size: size) else {
            throw .stringOutOfBounds(pointer: pointer, size: size, memory: memory.count)
        }
        return Text(
            base: memory.base + Int(truncatingIfNeeded: pointer), units: Int(truncatingIfNeeded: units),
            encoding: encoding)
    }

    /// The string at pointer and length.
    @usableFromInline
    package mutating func liftString(pointer: UInt64, taggedLength: UInt64) throws(ABIError) -> String {
        let text = try text(pointer: pointer, taggedLength: taggedLength)
        try charge(text.byteCount)
        if text.encoding != .utf16 {
            let bytes = UnsafeBufferPointer(start: text.base.assumingMemoryBound(to: UInt8.self), count: text.units)
            if text.isASCII() { return Self.string(ascii: bytes) }
            // Checked and copied in one go; what is malformed is looked for again, to say where.
            if text.encoding == .utf8, let string = String(validating: bytes, as: UTF8.self) { return string }
        }
        let measure = try text.measure()
        return String(unsafeUninitializedCapacity: measure.utf8Count) { buffer in
            guard let target = buffer.baseAddress else { return 0 }
            return text.transcode(to: UnsafeMutableRawPointer(target), capacity: buffer.count, as: .utf8) ?? 0
        }
    }

    /// The string of bytes that were found to be ASCII, without another look at them where the standard library can do that.
    private static func string(ascii bytes: UnsafeBufferPointer<UInt8>) -> String {
        if #available(macOS 26, *) {
            return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: true))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Places a string of the host in a new block of exactly its size; the result is pointer and tagged length.
    @usableFromInline
    package mutating func lowerString(_ string: String) throws(ABIError) -> (pointer: UInt64, length: UInt64) {
        let count = string.utf8.count
        guard UInt64(count) <= CanonicalLimits.maxByteLength else { throw .stringTooLong(UInt64(count)) }
        if stringEncoding == .utf8 {
            let pointer = try allocate(alignment: 1, size: count)
            let target = memory.base + Int(truncatingIfNeeded: pointer)
            Self.withUTF8(string) { bytes in
                if let source = bytes.baseAddress { target.copyMemory(from: source, byteCount: bytes.count) }
            }
            return (pointer, UInt64(count))
        }
        let measure = try Self.measure(string)
        let form: TextEncoding = stringEncoding == .latin1OrUTF16 && measure.isLatin1 ? .latin1 : .utf16
        let units = measure.utf16Count
        let size = units &* form.unitSize
        guard UInt64(size) <= CanonicalLimits.maxByteLength else { throw .stringTooLong(UInt64(size)) }
        let pointer = try allocate(alignment: 2, size: size)
        let target = memory.base + Int(truncatingIfNeeded: pointer)
        Self.withUTF8(string) { bytes in
            guard let source = bytes.baseAddress else { return }
            let text = Text(base: UnsafeRawPointer(source), units: bytes.count, encoding: .utf8)
            _ = text.transcode(to: target, capacity: size, as: form)
        }
        let tag = stringEncoding == .latin1OrUTF16 && form == .utf16 ? utf16Tag : 0
        return (pointer, UInt64(units) | tag)
    }

    private static func measure(_ string: String) throws(ABIError) -> Text.Measure {
        var result: Result<Text.Measure, ABIError> = .success(Text.Measure())
        withUTF8(string) { bytes in
            guard let source = bytes.baseAddress else { return }
            let text = Text(base: UnsafeRawPointer(source), units: bytes.count, encoding: .utf8)
            result = Result { () throws(ABIError) in try text.measure() }
        }
        return try result.get()
    }

    /// Passes the string's UTF-8 to `body`; native strings are not copied.
    private static func withUTF8(_ string: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if string.utf8.withContiguousStorageIfAvailable(body) == nil {
            var copy = string
            copy.withUTF8(body)
        }
    }
}

/// The type `string`.
public enum StringCodec: HashableCodec {
    /// A pointer and a length.
    @inlinable public static var abi: StaticLayout { .pointerAndLength }
    /// The type `string`.
    @inlinable public static var shape: TypeShape { .string }

    /// Places the string and writes pointer and length.
    @inlinable
    public static func lower(
        _ value: String, _ cx: inout CanonicalContext, into flat: inout FlatWriter
    ) throws(ABIError) {
        let placed = try cx.lowerString(value)
        flat.write(placed.pointer)
        flat.write(placed.length)
    }

    /// Places the string and writes pointer and length.
    @inlinable
    public static func store(_ value: String, _ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        let placed = try cx.lowerString(value)
        cx.writePointer(placed.pointer, at: offset)
        cx.writePointer(placed.length, at: offset &+ cx.pointerSize)
    }

    /// Reads pointer and length, then the text.
    @inlinable
    public static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> String {
        let pointer = flat.nextPointer(cx.is64)
        return try cx.liftString(pointer: pointer, taggedLength: flat.nextPointer(cx.is64))
    }

    /// Reads pointer and length, then the text.
    @inlinable
    public static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> String {
        try cx.liftString(
            pointer: cx.readPointer(offset), taggedLength: cx.readPointer(offset &+ cx.pointerSize))
    }
}
