// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import Testing

/// Core modules from bytes to a model and back.
@Suite struct CoreModuleBinaryTests {
    /// A module with every form of definition and of immediate; its text is beside it.
    static func instructions() throws -> [UInt8] { try TestFiles.bytes(TestFiles.fixture("instructions.wasm")) }

    @Test("a module with every form of definition is written as it was read")
    func everyFormIsWrittenAsItWasRead() throws {
        let bytes = try Self.instructions()
        let module = try CoreModuleBinary.decode(bytes)
        #expect(module.encoded() == bytes)
        #expect(module.types.map(\.count) == [1, 1, 1, 2, 1, 1])
        #expect(module.imports.map(\.name) == ["f", "memory", "table", "global", "tag"])
        #expect(module.customSections.map(\.name) == ["dylink.0", "producers", "name"])
        #expect(module.customSections.map(\.place) == [.begin, .code, .end])
        #expect(module.elements.count == 5)
        #expect(module.countsDataSegments)
        #expect(module.export(named: "run")?.item == CoreSortIndex(sort: .function, index: 1))
    }

    @Test("a module within a larger file is read by its range")
    func aModuleIsReadByItsRange() throws {
        let bytes = try Self.instructions()
        let module = try CoreModuleBinary.decode([1, 2, 3] + bytes + [4], range: 3..<(bytes.count + 3))
        #expect(module.encoded() == bytes)
    }

    @Test("subtypes are found by an index that counts through recursion groups")
    func subtypesAreFoundThroughGroups() throws {
        let module = try CoreModuleBinary.decode(Self.instructions())
        #expect(module.typeCount == 7)
        #expect(module.subtype(3)?.isFinal == true)
        #expect(module.subtype(4)?.isFinal == false)
        #expect(module.subtype(7) == nil)
        #expect(module.importCount(.function) == 1)
    }

    @Test("functions with and without code have to be as many")
    func functionsAndCodeAgree() throws {
        // One function type, one function, no code.
        let bytes: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0]
        let error = #expect(throws: BinaryError.self) { try CoreModuleBinary.decode(bytes) }
        #expect(error?.message == "1 functions have a type, and 0 have code")
    }

    @Test("the number of data segments has to be right")
    func dataSegmentsAreCounted() throws {
        let bytes: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 12, 1, 2]
        let error = #expect(throws: BinaryError.self) { try CoreModuleBinary.decode(bytes) }
        #expect(error?.message == "2 data segments are counted, and 0 follow")
    }

    @Test("changed modules are read or refused, and what is read comes back")
    func changedModulesAreReadOrRefused() throws {
        let original = try Self.instructions()
        var random = SeededGenerator(seed: 0xc0de)
        var readCount = 0
        for _ in 0..<20_000 {
            let bytes = Mutation.changed(original, &random)
            guard let module = try? CoreModuleBinary.decode(bytes) else { continue }
            readCount += 1
            let again = try CoreModuleBinary.decode(module.encoded())
            #expect(again.encoded() == module.encoded())
            for function in module.functions {
                try? CoreCode.indices(inBody: function.body) { _ throws(BinaryError) in }
            }
        }
        #expect(readCount > 2_000)
    }

    @Test("a truncated module is refused at every length")
    func truncatedModulesAreRefused() throws {
        let bytes = try Self.instructions()
        for end in 0..<bytes.count {
            guard let module = try? CoreModuleBinary.decode(Array(bytes[..<end])) else { continue }
            // Between two sections nothing is missing that could be noticed.
            #expect(module.encoded() == Array(bytes[..<end]))
        }
    }
}

@Suite("Core modules of the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusCoreModuleTests {
    @Test(
        "modules come back from bytes, and their code is walked to its end",
        arguments: try Corpus.files("components", "abi", "componentize", atLeast: 700))
    func modules(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        var ranges: [Range<Int>] = []
        switch ComponentDecoder.kind(of: bytes) {
        case .coreModule: ranges = [0..<bytes.count]
        case .component: ranges = (try? ComponentDecoder.decode(bytes).coreModules) ?? []
        case .text, .unknown: Issue.record("neither a component nor a core module")
        }
        for range in ranges {
            let module = try CoreModuleBinary.decode(bytes, range: range)
            let encoded = module.encoded()
            #expect(try CoreModuleBinary.decode(encoded).encoded() == encoded)
            #expect(encoded.count <= range.count)
            // Large programs take long without optimization.
            for function in module.functions.prefix(2_000) {
                try CoreCode.indices(inBody: function.body) { _ throws(BinaryError) in }
            }
        }
    }
}
