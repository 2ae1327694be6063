// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// `deps` with packages in binary form beside texts.
@Suite struct BinaryDependencyTests {
    private static var reader: WITBinaryReader {
        WITBinaryReader(parseText: { text, _ in
            // Stands for the engine: `.wat` files of these tests hold the bytes behind `;;`.
            Array(text.dropFirst(2))
        }) { bytes in
            let decoded = try WITDecoder.decode(bytes)
            return (decoded.graph, decoded.package)
        }
    }

    private func binary(_ text: String) throws -> [UInt8] {
        let resolution = try WIT.resolve(WITSource(text: text))
        return try WITEncoder.encode(package: resolution.root, in: resolution.graph)
    }

    /// The printed text of the package in a folder of these files.
    private func resolve(
        _ files: [String: [UInt8]], _ reader: WITBinaryReader? = Self.reader
    ) throws -> String {
        let folder = try ScratchFolder()
        for (path, bytes) in files { try folder.write(bytes, to: path) }
        do {
            let resolution = try WIT.resolve(
                try WITLoader.load(folder.path), binaryReader: reader)
            return WITPrinter.text(of: resolution.root, in: resolution.graph)
        } catch {
            return error.description.replacing(folder.path + "/", with: "")
        }
    }

    private let root = "package a:b;\ninterface j { use x:y/i.{r}; f: func(x: borrow<r>); }\nworld w { import j; }"
    private let dependency = "package x:y;\ninterface i { resource r { m: func(); } }"

    @Test(
        "a dependency may be a binary, a text of one, or lie in a folder",
        arguments: ["deps/y.wasm", "deps/y.wat", "deps/y/package.wasm"])
    func readsBinaries(_ path: String) throws {
        var bytes = try binary(dependency)
        if path.hasSuffix(".wat") { bytes = Array(";;".utf8) + bytes }
        #expect(
            try resolve(["a.wit": Array(root.utf8), path: bytes])
                == resolve(["a.wit": Array(root.utf8), "deps/y.wit": Array(dependency.utf8)]))
    }

    @Test("a binary knows a part of a package that is there as text: they become one")
    func binariesUseTexts() throws {
        let text = "package p:q;\ninterface k { type t = u8; type s = u16; }"
        let user = "package x:y;\ninterface i { use p:q/k.{t}; resource r { m: func() -> t; } }\n"
        let bytes = try binary(user + text.replacing("package p:q;", with: "package p:q {") + " }")
        let whole = root.replacing("use x:y/i.{r};", with: "use x:y/i.{r}; use p:q/k.{s};")
        #expect(
            try resolve(["a.wit": Array(whole.utf8), "deps/y.wasm": bytes, "deps/q.wit": Array(text.utf8)])
                == resolve(["a.wit": Array(whole.utf8), "deps/y.wit": Array(user.utf8), "deps/q.wit": Array(text.utf8)])
        )
        let other = text.replacing("type t = u8", with: "type t = u64")
        #expect(
            try resolve(["a.wit": Array(whole.utf8), "deps/y.wasm": bytes, "deps/q.wit": Array(other.utf8)])
                .contains(
                    "`deps/y.wasm` and the other dependencies contradict each other: cannot merge interface `p:q/k`"))
    }

    @Test("one package in two places is an error that names both")
    func conflictsNameBothPlaces() throws {
        let bytes = try binary(dependency)
        let twice = try resolve(["a.wit": Array(root.utf8), "deps/y.wasm": bytes, "deps/z.wasm": bytes])
        #expect(twice == "error: package `x:y` is in `deps/y.wasm` and in `deps/z.wasm`; remove one of them")
        let mixed = try resolve(["a.wit": Array(root.utf8), "deps/y.wasm": bytes, "deps/y.wit": Array(dependency.utf8)])
        #expect(
            mixed.hasPrefix(
                "error: package `x:y` is defined in two places: here and in `deps/y.wasm`; remove one of them"))
        #expect(mixed.contains("--> deps/y.wit:1:9"))
    }

    @Test("what cannot be read is an error with the file and the reason")
    func unreadableBinaries() throws {
        let broken = try resolve(["a.wit": Array(root.utf8), "deps/y.wasm": Array("nothing".utf8)])
        #expect(broken.hasPrefix("error: cannot read the package in `deps/y.wasm`: "))
        let light = WITBinaryReader(decode: Self.reader.decode)
        let text = try resolve(["a.wit": Array(root.utf8), "deps/y.wat": Array("(component)".utf8)], light)
        #expect(text.contains("WebAssembly text needs an engine, which this tool does not have"))
        let missing = try resolve(["a.wit": Array(root.utf8), "deps/y.wasm": []], nil)
        #expect(missing.contains("is in binary form, which is not read here"))
    }
}
