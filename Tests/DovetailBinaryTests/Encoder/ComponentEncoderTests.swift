// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import Testing

/// Components from definitions to bytes.
@Suite struct ComponentEncoderTests {
    private typealias Name = ExternName

    private func component(_ definitions: [Definition]) -> ComponentBinary {
        ComponentBinary(definitions: definitions.map { Located($0, at: 0) }, customSections: [], range: 0..<0)
    }

    /// Encodes, decodes and encodes again; the definitions in words must stay the same.
    private func check(_ definitions: [Definition], source: [UInt8] = []) throws {
        let encoded = ComponentEncoder.encode(component(definitions), source: source)
        let decoded = try ComponentDecoder.decode(encoded)
        #expect(decoded.definitions.count == definitions.count)
        #expect(ComponentEncoder.encode(decoded, source: encoded) == encoded)
        for (found, expected) in zip(decoded.definitions, definitions) {
            switch (found.value, expected) {
            // Ranges and offsets are of another file.
            case (.coreModule, .coreModule), (.component, .component), (.value, .value), (.type, .type),
                (.coreType, .coreType):
                continue
            default: #expect("\(found.value)" == "\(expected)")
            }
        }
    }

    @Test("the empty component is its preamble")
    func anEmptyComponentIsItsPreamble() {
        #expect(ComponentEncoder.encode(component([])) == [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00])
    }

    @Test("neighbours of one kind share a section")
    func neighboursShareASection() {
        let alias = Definition.alias(Alias(sort: .type, target: .outer(count: 1, index: 300)))
        let encoded = ComponentEncoder.encode(component([alias, alias]))
        #expect(encoded[8...] == [6, 11, 2, 3, 2, 1, 0xac, 0x02, 3, 2, 1, 0xac, 0x02])
    }

    @Test("extern names keep their attributes")
    func namesKeepTheirAttributes() throws {
        let names = [
            Name(name: "a"), Name(name: "a", implements: "b:c/d"), Name(name: "b:c/d@0.1", versionSuffix: ".2"),
            Name(name: "a", implements: "b:c/d@1", versionSuffix: ".0.0", externalID: "é"),
        ]
        try check(names.map { .import(ImportDefinition(name: $0, type: .instance(0))) })
        try check(
            names.map { .export(ExportDefinition(name: $0, item: SortIndex(sort: .instance, index: 70_000))) })
    }

    @Test("aliases of every sort and target are written")
    func everySortAndTargetIsWritten() throws {
        let sorts: [Sort] =
            [.function, .value, .type, .component, .instance] + CoreSort.allCases.map { .core($0) }
        try check(
            sorts.map { .export(ExportDefinition(name: Name(name: "x"), item: SortIndex(sort: $0, index: 1))) })
        try check(sorts.map { .alias(Alias(sort: $0, target: .export(instance: 5, name: "n"))) })
        try check(sorts.map { .alias(Alias(sort: $0, target: .coreExport(instance: 5, name: "n"))) })
        let types: [ExternTypeReference] = [
            .coreModule(3), .function(200), .value(.equal(1)), .value(.type(.primitive(.string))),
            .value(.type(.index(64))), .type(.equal(9)), .type(.subResource), .component(0), .instance(1),
        ]
        try check(types.map { .import(ImportDefinition(name: Name(name: "x"), type: $0)) })
        try check(
            types.map {
                .export(
                    ExportDefinition(name: Name(name: "x"), item: SortIndex(sort: .function, index: 1), type: $0))
            })
    }

    @Test("canonical definitions keep their options")
    func canonicalDefinitionsKeepTheirOptions() throws {
        var options = CanonicalOptions()
        options.stringEncoding = .utf16
        options.memory = 1
        options.realloc = 2
        options.postReturn = 3
        options.isAsync = true
        options.callback = 4
        options.coreType = 5
        options.usesGarbageCollection = true
        var clash = CanonicalOptions(memory: 1, isAsync: true)
        clash.conflict = "memory"
        for options in [CanonicalOptions(), options, clash] {
            try check([
                .canonical(.lift(coreFunction: 1, options: options, type: 130)),
                .canonical(.lower(function: 2, options: options)),
                .canonical(.builtin(.taskReturn(result: .index(1), options: options))),
                .canonical(.builtin(.taskReturn(result: nil, options: options))),
                .canonical(.builtin(.streamRead(1, options))), .canonical(.builtin(.errorContextNew(options))),
            ])
        }
    }

    @Test("every canonical built-in is written")
    func everyBuiltinIsWritten() throws {
        let options = CanonicalOptions()
        let builtins: [CanonicalBuiltin] = [
            .resourceNew(1), .resourceDrop(1), .resourceRep(1), .backpressureIncrement, .backpressureDecrement,
            .taskCancel, .contextGet(.i32, 0), .contextSet(.i64, 1), .subtaskCancel(isAsync: true), .subtaskDrop,
            .streamNew(1), .streamRead(1, options), .streamWrite(1, options), .streamCancelRead(1, isAsync: true),
            .streamCancelWrite(1, isAsync: false), .streamDropReadable(1), .streamDropWritable(1), .streamForward(1),
            .futureNew(1), .futureRead(1, options), .futureWrite(1, options), .futureCancelRead(1, isAsync: false),
            .futureCancelWrite(1, isAsync: true), .futureDropReadable(1), .futureDropWritable(1), .futureForward(1),
            .errorContextNew(options), .errorContextDebugMessage(options), .errorContextDrop, .waitableSetNew,
            .waitableSetWait(memory: 1), .waitableSetPoll(memory: 2), .waitableSetDrop, .waitableJoin, .threadIndex,
            .threadNewIndirect(type: 1, table: 2), .threadResumeLater, .threadSuspend, .threadYield,
            .threadSuspendThenResume, .threadYieldThenResume, .threadSuspendThenPromote, .threadYieldThenPromote,
            .threadSpawnRef(isShared: true, type: 1), .threadSpawnIndirect(isShared: false, type: 1, table: 2),
            .threadAvailableParallelism(isShared: true),
        ]
        try check(builtins.map { .canonical(.builtin($0)) })
    }

    @Test("instances and start functions are written")
    func instancesAndStartsAreWritten() throws {
        try check([
            .coreInstance(
                .instantiate(module: 1, arguments: [CoreInstantiateArgument(name: "env", instance: 3)])),
            .coreInstance(
                .exports([CoreInlineExport(name: "m", item: CoreSortIndex(sort: .memory, index: 1))])),
            .instance(
                .instantiate(
                    component: 1,
                    arguments: [InstantiateArgument(name: "a", item: SortIndex(sort: .core(.module), index: 1))])),
            .instance(
                .exports([InlineExport(name: Name(name: "f"), item: SortIndex(sort: .function, index: 1))])),
            .start(StartDefinition(function: 1, arguments: [1, 2], resultCount: 3)),
        ])
    }

    @Test("nested components, modules and values keep their bytes")
    func nestedPartsAndValuesKeepTheirBytes() throws {
        let module = [UInt8]([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
        let inner = ComponentBinary(
            definitions: [Located(.coreModule(0..<8), at: 0)],
            customSections: [CustomSection(name: "c", range: 8..<10, offset: 1)], range: 0..<0)
        let value = ValueDefinition(type: .primitive(.u8), range: 9..<10)
        let source = module + [0xaa, 0x55]
        let encoded = ComponentEncoder.encode(component([.component(inner), .value(value)]), source: source)
        let decoded = try ComponentDecoder.decode(encoded)
        guard case .component(let nested)? = decoded.definitions.first?.value,
            case .coreModule(let range)? = nested.definitions.first?.value,
            case .value(let found)? = decoded.definitions.last?.value
        else {
            Issue.record("the definitions are not as they were")
            return
        }
        #expect(encoded[range] == module[...])
        #expect(encoded[found.range] == [0x55])
        #expect(nested.customSections.first.map { encoded[$0.range] } == [0xaa, 0x55])
    }
}
