// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinaryReader
import DovetailValidation

/// A component or core module with the code that an engine made of it: the content of a `.cwasm` file.
///
/// All numbers are little-endian. A header tells the kind, the length of the file and a checksum; then come, as lengths and UTF-8, what
/// the code depends on: the engine's version, the target, the configuration. A table of core modules gives for each its place in the binary
/// and the place of its code; the binary and the code of the modules are the rest.
struct Precompiled {
    /// What the file was made of.
    enum Kind: UInt32 {
        case component = 0
        case coreModule = 1
    }

    /// What the code depends on, in the order in which the file has them.
    struct Origin: Equatable {
        let engine: String
        var target: String
        let configuration: String

        init(_ engine: Engine) {
            self.engine = String(cString: dovetail_wasmtime_version)
            target = EngineLibrary.platform
            configuration = engine.configuration.artefactKey
        }

        fileprivate init(engine: String, target: String, configuration: String) {
            self.engine = engine
            self.target = target
            self.configuration = configuration
        }
    }

    /// A core module: where it lies in the binary, and where in the file its code lies.
    struct Module {
        var source: Range<Int>
        let code: Range<Int>
    }

    private static let magic: [UInt8] = [0x7f] + Array("DVTLCW\n".utf8)
    private static let formatVersion: UInt32 = 1
    /// The magic, the format's version, the kind, the length and the checksum.
    private static let headerSize = 24 + Checksum.size

    var kind: Kind
    let origin: Origin
    /// The component or module in binary form, as a part of the file.
    let binary: Range<Int>
    var modules: [Module]

    /// What a file with these bytes claims to be made of, `nil` for a file of another format.
    static func kind(_ bytes: UnsafeRawBufferPointer) -> Kind? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = Reader(bytes: bytes, position: magic.count + 4)
        // Whatever the number is, the whole file is read before anything is done with it.
        return reader.number(UInt32.self).flatMap(Kind.init(rawValue:)) ?? .component
    }

    /// What a file with these bytes claims its engine's configuration to be, `nil` for a file of another format.
    static func configuration(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = Reader(bytes: bytes, position: headerSize)
        guard reader.text() != nil, reader.text() != nil else { return nil }
        return reader.text()
    }

    // MARK: - Writing

    /// The file for a binary and the code of its modules.
    static func encode(
        _ kind: Kind, _ origin: Origin, binary: UnsafeRawBufferPointer,
        modules: [(source: Range<Int>, code: CompiledCode)]
    ) throws(EngineError) -> [UInt8] {
        var file = magic
        file.append(formatVersion)
        file.append(kind.rawValue)
        let texts = [origin.engine, origin.target, origin.configuration]
        var offset = headerSize + texts.reduce(0) { $0 + 4 + $1.utf8.count } + 16 + 4 + 32 * modules.count
        let length = modules.reduce(offset + binary.count) { $0 + $1.code.bytes.count }
        file.reserveCapacity(length)
        file.append(UInt64(length))
        file += [UInt8](repeating: 0, count: Checksum.size)
        for text in texts {
            file.append(UInt32(text.utf8.count))
            file += text.utf8
        }
        func appendRange(_ start: Int, _ count: Int) {
            file.append(UInt64(start))
            file.append(UInt64(count))
        }
        appendRange(offset, binary.count)
        offset += binary.count
        file.append(UInt32(modules.count))
        for module in modules {
            appendRange(module.source.lowerBound, module.source.count)
            appendRange(offset, module.code.bytes.count)
            offset += module.code.bytes.count
        }
        file += binary
        for module in modules { file += module.code.bytes }
        guard let sum = file.withUnsafeBytes(checksum) else { throw .artefact("there is no memory left to check it") }
        file.replaceSubrange(24..<headerSize, with: sum)
        return file
    }

    /// The checksum over all but itself.
    private static func checksum(_ file: UnsafeRawBufferPointer) -> [UInt8]? {
        Checksum.of(
            UnsafeRawBufferPointer(rebasing: file[..<24]), UnsafeRawBufferPointer(rebasing: file[headerSize...]))
    }

    // MARK: - Reading

    /// Reads the file called `name` and checks that it is whole; its code is not looked at.
    init(_ file: UnsafeRawBufferPointer, name: String) throws(EngineError) {
        guard file.starts(with: Self.magic) else {
            throw .artefact("`\(name)` is no compiled component or module; make one with `dovetail compile`")
        }
        var reader = Reader(bytes: file, position: Self.magic.count)
        guard let version = reader.number(UInt32.self) else { throw .truncated(name) }
        guard version == Self.formatVersion else {
            throw .artefact(
                "`\(name)` has version \(version) of the format, expected \(Self.formatVersion); \(Self.remedy)")
        }
        guard let kind = reader.number(UInt32.self), let length = reader.number(UInt64.self),
            file.count >= Self.headerSize, length <= UInt64(file.count)
        else { throw .truncated(name) }
        guard length == UInt64(file.count), let kind = Kind(rawValue: kind),
            let sum = Self.checksum(file), file[24..<Self.headerSize].elementsEqual(sum)
        else { throw .damaged(name) }
        self.kind = kind
        reader.position = Self.headerSize
        guard let engine = reader.text(), let target = reader.text(), let configuration = reader.text(),
            let binary = reader.range(in: file.count), let count = reader.number(UInt32.self)
        else { throw .damaged(name) }
        origin = Origin(engine: engine, target: target, configuration: configuration)
        self.binary = binary
        modules = []
        for _ in 0..<count {
            guard let source = reader.range(in: binary.count), let code = reader.range(in: file.count) else {
                throw .damaged(name)
            }
            modules.append(Module(source: source, code: code))
        }
    }

    private static let remedy = "compile it again with `dovetail compile`"

    /// Checks that an engine can run the code.
    func check(for engine: Engine, name: String) throws(EngineError) {
        let own = Origin(engine)
        let (what, found, expected) =
            if origin.engine != own.engine {
                ("version \(origin.engine) of the engine", true, own.engine)
            } else if origin.target != own.target {
                (origin.target, true, own.target)
            } else {
                ("the engine configuration `\(origin.configuration)`", origin != own, "`\(own.configuration)`")
            }
        guard found else { return }
        throw .artefact("`\(name)` was compiled for \(what), expected \(expected); \(Self.remedy)")
    }

    /// Reads numbers, texts and ranges, as long as there are bytes.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position: Int

        mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
            let size = MemoryLayout<Number>.size
            guard bytes.count - position >= size else { return nil }
            defer { position += size }
            return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
        }

        mutating func text() -> String? {
            guard let count = number(UInt32.self), Int(count) <= bytes.count - position else { return nil }
            defer { position += Int(count) }
            return String(validating: bytes[position..<position + Int(count)], as: UTF8.self)
        }

        mutating func range(in limit: Int) -> Range<Int>? {
            guard let start = number(UInt64.self), let count = number(UInt64.self) else { return nil }
            let (end, overflow) = start.addingReportingOverflow(count)
            guard !overflow, end <= UInt64(limit) else { return nil }
            return Int(start)..<Int(end)
        }
    }
}

/// The code of a module in the engine's own form, in memory of the engine's.
final class CompiledCode: @unchecked Sendable {
    // @unchecked because the bytes are only read.
    private let api: EngineLibrary.Table
    private var vector: wasm_byte_vec_t

    init(_ module: CoreModule.Compiled) throws(EngineError) {
        api = module.engine.api
        vector = wasm_byte_vec_t()
        if let error = api.functions.pointee.wasmtime_module_serialize(module.raw, &vector) {
            throw .compilation(EngineLibrary.message(api, consuming: error))
        }
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: vector.data, count: vector.size) }

    deinit { api.functions.pointee.wasm_byte_vec_delete(&vector) }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
