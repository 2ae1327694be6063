// SPDX-License-Identifier: Apache-2.0

extension BinaryError {
    package static func unexpectedEnd(reading what: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .unexpectedEnd, message: "unexpected end while reading \(what)", where: .init(offset: offset))
    }

    static func pastEnd(_ what: String, size: Int, available: Int, at offset: Int) -> BinaryError {
        BinaryError(
            code: .unexpectedEnd,
            message: "unexpected end: \(what) claims \(size) bytes, only \(available) follow",
            where: .init(offset: offset))
    }

    static func leftOver(_ what: String, count: Int, at offset: Int) -> BinaryError {
        BinaryError(
            code: .malformed, message: "unexpected data: \(count) bytes are left at the end of the \(what)",
            where: .init(offset: offset))
    }

    static func integerTooLong(_ what: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .malformed, message: "integer of \(what) is written with too many bytes",
            where: .init(offset: offset))
    }

    static func integerTooLarge(_ what: String, at offset: Int) -> BinaryError {
        BinaryError(code: .malformed, message: "integer too large for \(what)", where: .init(offset: offset))
    }

    package static func unknownByte(_ byte: UInt8, for what: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .malformed, message: "invalid leading byte 0x\(String(byte, radix: 16)) for \(what)",
            where: .init(offset: offset))
    }

    static func reservedByte(_ byte: UInt8, of what: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .malformed,
            message: "expected the reserved byte 0x0 of \(what), found 0x\(String(byte, radix: 16))",
            where: .init(offset: offset))
    }

    package static func notUTF8(_ what: String, at offset: Int) -> BinaryError {
        BinaryError(code: .malformed, message: "malformed UTF-8 in \(what)", where: .init(offset: offset))
    }

    package static func malformed(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(code: .malformed, message: message, where: .init(offset: offset))
    }

    package static func limit(_ what: String, maximum: Int, at offset: Int) -> BinaryError {
        BinaryError(
            code: .limit, message: "\(what): more than the \(maximum) that are accepted", where: .init(offset: offset))
    }

    package static func nestedTooDeeply(_ what: String, maximum: Int, at offset: Int) -> BinaryError {
        BinaryError(
            code: .limit, message: "\(what) nest more than \(maximum) deep", where: .init(offset: offset))
    }

    static func text() -> BinaryError {
        BinaryError(
            code: .text,
            message: "expected a component's bytes, found WebAssembly text; assemble it first",
            where: .init(offset: 0))
    }

    package static func notWebAssembly(at offset: Int) -> BinaryError {
        BinaryError(
            code: .notWebAssembly,
            message: "expected a component, found bytes that do not begin with the WebAssembly magic number",
            where: .init(offset: offset))
    }

    static func coreModuleInsteadOfComponent(at offset: Int) -> BinaryError {
        BinaryError(
            code: .coreModule, message: "expected a component, found a core module; componentize it first",
            where: .init(offset: offset))
    }

    static func componentInsteadOfCoreModule(at offset: Int) -> BinaryError {
        BinaryError(
            code: .component, message: "expected a core module, found a component", where: .init(offset: offset))
    }

    static func unsupportedVersion(_ version: UInt16, layer: UInt16, expected: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .unsupportedVersion,
            message: "unknown version: expected \(expected), found version 0x\(String(version, radix: 16)) "
                + "of layer 0x\(String(layer, radix: 16))",
            where: .init(offset: offset))
    }

    package static func unknownSection(_ id: UInt8, of what: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .malformed, message: "unknown section 0x\(String(id, radix: 16)) of a \(what)",
            where: .init(offset: offset))
    }
}
