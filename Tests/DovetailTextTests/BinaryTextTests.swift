// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailTestSupport
import DovetailText
import Testing

@Suite("The text of binaries")
struct BinaryTextTests {
    private func printed(_ bytes: [UInt8]) throws -> String {
        String(decoding: try bytes.withUnsafeBytes { try BinaryText.print($0) }, as: UTF8.self)
    }

    private func printed(text: String) throws -> String { try printed(try WasmText.parse(Array(text.utf8))) }

    @Test("shows names, indices, folded offsets and the labels of blocks")
    func module() throws {
        let text = """
            (module $"my module"
              (type $pair (;0;) (func (param i32 i32) (result i32)))
              (import "env" "log" (func $log (;0;) (type $pair) (param i32 i32) (result i32)))
              (memory (;0;) 1 2)
              (global $sum (;0;) (mut i32) i32.const -1)
              (export "add" (func $add))
              (elem (;0;) declare func $log)
              (func $add (;1;) (type $pair) (param $left i32) (param i32) (result i32)
                (local i64 f32)
                block $out (result i32)
                  loop ;; label = @2
                    local.get $left
                    i32.load offset=4 align=1
                    br_if 0 (;@2;)
                  end
                  local.get 1
                  br $out
                end
                f64.const 0x1.8p+1 (;=3;)
                drop
              )
              (data (;0;) (offset i32.const 1 i32.const 2 i32.add) "a\\22\\00")
              (@producers
                (language "C" "17")
              )
            )

            """.replacing("\\\\", with: "\\")
        #expect(try printed(text: text) == text)
    }

    @Test("shows components with their instances, aliases and canonical functions")
    func component() throws {
        let text = """
            (component $app
              (type (;0;)
                (instance
                  (type (;0;) (record (field "name" string) (field "size" u32)))
                  (export (;1;) "entry" (type (eq 0)))
                  (type (;2;) (func async (param "e" 1) (result bool)))
                  (export (;0;) "put" (func (type 2)))
                )
              )
              (import "my:app/store@1.0.0" (instance $store (;0;) (type 0)))
              (core module $main (;0;)
                (memory (;0;) 1)
                (export "memory" (memory 0))
              )
              (core instance $main (;0;) (instantiate $main))
              (alias core export $main "memory" (core memory (;0;)))
              (alias export $store "put" (func $put (;0;)))
              (core func $lowered (;0;) (canon lower (func $put) (memory 0) string-encoding=utf8 async))
              (core instance (;1;)
                (export "put" (func $lowered))
              )
              (component (;0;)
                (import "f" (type (;0;) (sub resource)))
              )
            )

            """
        #expect(try printed(text: text) == text)
    }

    @Test("makes identifiers of names that occur twice, are empty or have other characters")
    func identifiers() throws {
        let text = try printed(
            text:
                ##"(module (func $"a b") (func $"x" (@name "a b")) (func $n (@name "")) (func $"#odd" (@name "#odd")))"##
        )
        #expect(text.contains(##"(func $"a b" (;0;)"##))
        #expect(text.contains(##"(func $"#func1 a b" (@name "a b") (;1;)"##))
        #expect(text.contains(##"(func $#func2 (@name "") (;2;)"##))
        #expect(text.contains(##"(func $"#func3 #odd" (@name "#odd") (;3;)"##))
    }

    @Test(
        "writes numbers exactly",
        arguments: [
            ("f32.const 0.1", "f32.const 0x1.99999ap-4 (;=0.1;)"), ("f32.const -0", "f32.const -0x0p+0 (;=-0;)"),
            ("f32.const 1e-45", "f32.const 0x1p-149 (;=0.000000000000000000000000000000000000000000001;)"),
            ("f64.const 1e20", "f64.const 0x1.5af1d78b58c4p+66 (;=100000000000000000000;)"),
            ("f64.const -1.5", "f64.const -0x1.8p+0 (;=-1.5;)"), ("f64.const inf", "f64.const inf (;=inf;)"),
            ("f32.const nan:0x200000", "f32.const nan:0x200000 (;=NaN;)"),
            ("f32.const -nan", "f32.const -nan (;=NaN;)"),
            ("i64.const 0x8000000000000000", "i64.const -9223372036854775808"),
        ])
    func numbers(_ source: String, _ expected: String) throws {
        #expect(try printed(text: "(module (func \(source) drop))").contains("    \(expected)\n"))
    }

    @Test("reports what is no binary")
    func malformed() {
        for bytes in [[], [0], Array("(module)".utf8), [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99]] as [[UInt8]] {
            #expect(throws: BinaryError.self) { try bytes.withUnsafeBytes { try BinaryText.print($0) } }
        }
    }

    @Test("limits how deep components may be nested, and indents no deeper than 50 groups")
    func nesting() throws {
        let deep = String(repeating: "(component ", count: 60) + String(repeating: ")", count: 60)
        let text = try printed(text: deep)
        #expect(text.split(separator: "\n").allSatisfy { $0.prefix { $0 == " " }.count <= 100 })
    }
}

@Suite("The text of the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusTextTests {
    /// A binary as it would be written again, without custom sections.
    private func normalised(_ bytes: [UInt8]) throws -> [UInt8] {
        guard ComponentDecoder.kind(of: bytes) == .component else {
            var module = try CoreModuleBinary.decode(bytes)
            module.customSections = []
            // Linkers leave room in numbers of code, which text does not show.
            for index in module.functions.indices { module.functions[index].body = [] }
            return module.encoded()
        }
        func strip(_ component: inout ComponentBinary) {
            component.customSections = []
            for index in component.definitions.indices {
                guard case .component(var nested) = component.definitions[index].value else { continue }
                strip(&nested)
                component.definitions[index].value = .component(nested)
            }
        }
        var component = try ComponentDecoder.decode(bytes)
        strip(&component)
        return ComponentEncoder.encode(component, source: bytes)
    }

    @Test(
        "is read back by the engine as what was printed",
        arguments: try Corpus.files("components", "abi", "componentize", atLeast: 700))
    func readBack(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        guard bytes.count < 1 << 20,
            (try? ComponentDecoder.kind(of: bytes) == .component
                ? ComponentDecoder.decode(bytes).definitions.count : CoreModuleBinary.decode(bytes).types.count) != nil
        else { return }
        let text = try bytes.withUnsafeBytes { try BinaryText.print($0) }
        let parsed = try WasmText.parse(text)
        // The engine puts producers in front of other custom sections.
        func lines(_ text: [UInt8]) -> [Substring] {
            String(decoding: text, as: UTF8.self).split(separator: "\n").sorted()
        }
        #expect(try lines(parsed.withUnsafeBytes { try BinaryText.print($0) }) == lines(text))
        // Core modules are compared where components have none inside, whose bytes would have to be the same.
        guard try ComponentDecoder.kind(of: bytes) == .coreModule || ComponentDecoder.decode(bytes).coreModules.isEmpty
        else { return }
        #expect(try normalised(parsed) == normalised(bytes))
    }
}
