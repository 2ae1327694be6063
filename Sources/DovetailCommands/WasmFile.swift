// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailArguments
import DovetailBinary
import DovetailSystem
import Synchronization

/// A file that a command was given, or standard input where the command line has `-`, read once from its beginning to its end.
struct WasmFile {
    /// A sentence about a file that is not what the command needs.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What messages call the file.
    let name: String
    /// Its bytes; ``binary()`` gives those of the component or module it stands for.
    let contents: FileContents

    /// Reads the file at `path`.
    init(_ path: String) throws {
        if path == "-" {
            guard Self.takesStandardInput() else {
                throw ValidationError("expected `-`, standard input, at most once; it can be read only once")
            }
            name = "<stdin>"
            contents = try Self.naming(name) { () throws(SystemError) in try FileContents(of: StandardDescriptors.input)
            }
        } else {
            name = path
            contents = try Self.naming(path) { () throws(SystemError) in try FileContents(path) }
        }
    }

    private static func naming(
        _ name: String, _ read: () throws(SystemError) -> FileContents
    ) throws(Failure) -> FileContents {
        do { return try read() } catch { throw Failure(description: "cannot read `\(name)`: \(error)") }
    }

    private static let isTaken = Mutex(false)

    /// Whether nobody has read standard input yet.
    private static func takesStandardInput() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    private init(name: String, contents: FileContents) {
        self.name = name
        self.contents = contents
    }

    /// What the file seems to be, after its first bytes.
    var kind: BinaryKind { contents.withBytes { BinaryKind($0) } }

    /// Whether the file begins as binary WebAssembly does.
    var isBinary: Bool { contents.withBytes { $0.starts(with: [0x00, 0x61, 0x73, 0x6d]) } }

    /// The bytes as an array.
    var bytes: [UInt8] { contents.withBytes { Array($0) } }

    /// Whether the file is what `dovetail compile` writes.
    var isPrecompiled: Bool { PrecompiledFile(contents) != nil }

    /// The file in binary form: text is translated, and from a file of compiled code comes what it was compiled from.
    /// - Throws: the engine's error when text does not parse, or the file is damaged.
    func binary() throws -> WasmFile {
        if isPrecompiled {
            return WasmFile(name: name, contents: FileContents(try PrecompiledFile.binary(of: contents, name: name)))
        }
        guard kind == .text else { return self }
        return WasmFile(name: name, contents: FileContents(try WasmText.parse(bytes, name: name)))
    }

    /// - Throws: a sentence for native code in a file that is not named as such, unless that is allowed.
    func checkTrust(_ path: String, _ isAllowed: Bool) throws(Failure) {
        guard isPrecompiled, !isAllowed, !path.hasSuffix(".cwasm") else { return }
        throw Failure(
            description: "`\(name)` holds native code, which runs with all rights of this process; "
                + "if you trust whoever compiled it, say so with `--allow-precompiled`, or name it `….cwasm`")
    }

    /// The component in the file, compiled now or before.
    func component(_ engine: Engine) throws -> Component {
        try isPrecompiled
            ? Component.deserialize(engine: engine, contents: contents, name: name)
            : Component(engine: engine, contents: contents, name: name)
    }

    /// Whether the file is a component or a core module that can be run, as it is or compiled.
    /// - Throws: a sentence when it is neither.
    func runnableKind() throws -> BinaryKind {
        if let compiled = PrecompiledFile(contents) { return compiled.kind }
        guard kind == .component || kind == .coreModule else { throw notWasm() }
        return kind
    }

    /// The bytes of the file at `path` in binary form.
    static func read(_ path: String) throws -> [UInt8] { try WasmFile(path).binary().bytes }

    /// The error for a file that is neither a component nor a core module.
    func notWasm() -> Failure { Self.notWasm(name, kind) }

    /// The error for a file that is neither a component nor a core module.
    static func notWasm(_ name: String, _ kind: BinaryKind) -> Failure {
        Failure(description: "`\(name)` is neither a component nor a core module, binary or text")
    }
}
