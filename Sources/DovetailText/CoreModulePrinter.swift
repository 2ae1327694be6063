// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary

/// Prints a core module. (WebAssembly 3.0, "Text Format", "Modules")
struct CoreModulePrinter {
    private let module: CoreModuleBinary
    private let identifiers: CoreModuleIdentifiers
    /// The next index in each space.
    private var next: [CoreSort: UInt32] = [:]

    init(_ module: CoreModuleBinary) {
        self.module = module
        identifiers = CoreModuleIdentifiers(module)
    }

    /// The name that the module gives itself.
    var name: String? { identifiers.module }

    /// Prints what is in the module, each field on a line.
    mutating func fields(_ writer: inout TextWriter) throws(BinaryError) {
        custom(.begin, &writer)
        types(&writer)
        custom(.types, &writer)
        for item in module.imports {
            writer.openLine("import ")
            writer.quoted(item.module)
            writer.put(" ")
            writer.quoted(item.name)
            writer.put(" (")
            describe(item.type, &writer)
            writer.put(")")
            writer.close()
        }
        custom(.imports, &writer)
        custom(.functions, &writer)
        for table in module.tables {
            writer.openLine("")
            describe(.table(table.type), &writer)
            if let initializer = table.initializer {
                writer.put(" ")
                _ = try expression(initializer, &writer)
            }
            writer.close()
        }
        custom(.tables, &writer)
        for memory in module.memories { line(.memory(memory), &writer) }
        custom(.memories, &writer)
        for tag in module.tags { line(.tag(typeIndex: tag), &writer) }
        custom(.tags, &writer)
        for global in module.globals {
            writer.openLine("")
            describe(.global(global.type), &writer)
            writer.put(" ")
            _ = try expression(global.initializer, &writer)
            writer.close()
        }
        custom(.globals, &writer)
        for export in module.exports {
            writer.openLine("export ")
            writer.quoted(export.name)
            writer.put(" (\(export.item.sort.keyword) \(reference(export.item)))")
            writer.close()
        }
        custom(.exports, &writer)
        if let start = module.start {
            writer.newLine()
            writer.group("start", identifiers.reference(.function, start))
        }
        custom(.start, &writer)
        for (index, segment) in module.elements.enumerated() { try element(segment, UInt32(index), &writer) }
        custom(.elements, &writer)
        custom(.dataCount, &writer)
        for function in module.functions { try self.function(function, &writer) }
        custom(.code, &writer)
        for (index, segment) in module.data.enumerated() { try data(segment, UInt32(index), &writer) }
        custom(.end, &writer)
    }

    private func reference(_ item: CoreSortIndex) -> String {
        item.sort.indexSpace.map { identifiers.reference($0, item.index) } ?? String(item.index)
    }

    private mutating func take(_ sort: CoreSort) -> UInt32 {
        defer { next[sort, default: 0] += 1 }
        return next[sort, default: 0]
    }

    // MARK: - Types

    private func types(_ writer: inout TextWriter) {
        var index: UInt32 = 0
        for group in module.types {
            let isExplicit = group.count != 1
            if isExplicit { writer.openLine("rec") }
            for subtype in group {
                identifiers.types.definition(subtype, index, keyword: "type", &writer)
                index += 1
            }
            if isExplicit { writer.close() }
        }
    }

    /// What an import or a definition is, without its parentheses: `func $name (;0;) (type 0)`.
    private mutating func describe(_ type: CoreExternType, _ writer: inout TextWriter) {
        let index = take(type.sort)
        writer.put(type.sort.keyword)
        if let space = type.sort.indexSpace { identifiers.declare(space, index, &writer) }
        writer.put(" ")
        switch type {
        case .function(let type, let isExact):
            if isExact { writer.put("(exact ") }
            typeUse(type, &writer)
            if isExact { writer.put(")") }
        case .tag(let type): typeUse(type, &writer)
        case .table(let type): writer.put(identifiers.types.table(type))
        case .memory(let type): writer.put(identifiers.types.memory(type))
        case .global(let type): writer.put(identifiers.types.global(type))
        }
    }

    private mutating func line(_ type: CoreExternType, _ writer: inout TextWriter) {
        writer.openLine("")
        describe(type, &writer)
        writer.close()
    }

    private func typeUse(_ type: UInt32, names: Identifiers = Identifiers(), _ writer: inout TextWriter) {
        writer.put("(type \(identifiers.reference(.type, type)))")
        guard let function = identifiers.function(type: type) else { return }
        identifiers.types.signature(function, names: names, &writer)
    }

    // MARK: - Code and segments

    private mutating func function(
        _ function: CoreFunctionDefinition, _ writer: inout TextWriter
    ) throws(BinaryError) {
        let index = take(.function)
        let locals = identifiers.locals(of: index)
        writer.openLine("func")
        identifiers.declare(.function, index, &writer)
        writer.put(" ")
        typeUse(function.type, names: locals, &writer)
        let parameters = identifiers.function(type: function.type)?.parameters.count ?? 0
        var printer = CoreInstructionPrinter(identifiers, locals: locals, labels: identifiers.labels(of: index))
        try function.body.withReader { (reader) throws(BinaryError) in
            var types: [CoreValueType] = []
            let groups = try reader.count("groups of locals", maximum: reader.remaining)
            for _ in 0..<groups {
                let count = try reader.u32("a number of locals")
                guard types.count + Int(count) <= Self.mostLocals else {
                    throw .malformed("a function has more than \(Self.mostLocals) locals", at: reader.offset)
                }
                types += Array(repeating: try reader.coreValueType(), count: Int(count))
            }
            if !types.isEmpty {
                writer.newLine()
                identifiers.types.list("local", types, from: UInt32(parameters), locals, &writer)
            }
            var instructions = CoreInstructionReader(reader)
            try printer.body(&instructions, &writer)
        }
        writer.close()
    }

    /// What the engine accepts.
    private static let mostLocals = 50_000

    private func expression(_ expression: ArraySlice<UInt8>, _ writer: inout TextWriter) throws(BinaryError) -> Int {
        var printer = CoreInstructionPrinter(identifiers)
        return try expression.withReader { (reader) throws(BinaryError) in
            try printer.expression(CoreInstructionReader(reader), &writer)
        }
    }

    /// A constant expression in parentheses, with `keyword` unless it is one instruction: `(i32.const 8)`.
    private func folded(
        _ keyword: String, _ expression: ArraySlice<UInt8>, _ writer: inout TextWriter
    ) throws(BinaryError) {
        var text = TextWriter()
        let count = try self.expression(expression, &text)
        writer.put(count == 1 ? "(" : "(\(keyword) ")
        writer.put(bytes: text.bytes)
        writer.put(")")
    }

    private func element(
        _ segment: CoreElementSegment, _ index: UInt32, _ writer: inout TextWriter
    ) throws(BinaryError) {
        writer.openLine("elem")
        identifiers.declare(.element, index, &writer)
        switch segment.mode {
        case .passive: break
        case .declarative: writer.put(" declare")
        case .active(let table, let offset):
            if table != 0 { writer.put(" (table \(identifiers.reference(.table, table)))") }
            writer.put(" ")
            try folded("offset", offset, &writer)
        }
        switch segment.items {
        case .functions(let functions):
            writer.put(" func")
            for function in functions { writer.put(" " + identifiers.reference(.function, function)) }
        case .expressions(let type, let items):
            writer.put(" " + identifiers.types.reference(type))
            for item in items {
                writer.put(" ")
                try folded("item", item, &writer)
            }
        }
        writer.close()
    }

    private func data(_ segment: CoreDataSegment, _ index: UInt32, _ writer: inout TextWriter) throws(BinaryError) {
        writer.openLine("data")
        identifiers.declare(.data, index, &writer)
        if case .active(let memory, let offset) = segment.mode {
            if memory != 0 { writer.put(" (memory \(identifiers.reference(.memory, memory)))") }
            writer.put(" ")
            try folded("offset", offset, &writer)
        }
        writer.put(" ")
        writer.quoted(bytes: segment.bytes)
        writer.close()
    }

    private func custom(_ place: CoreCustomSection.Place, _ writer: inout TextWriter) {
        for section in module.customSections where section.place == place {
            CustomSectionText.print(section.name, section.payload, after: place, of: module, &writer)
        }
    }
}

extension CoreSort {
    /// The keyword of the text format.
    var keyword: String {
        switch self {
        case .function: "func"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        case .type: "type"
        case .module: "module"
        case .instance: "instance"
        }
    }
}

extension ArraySlice<UInt8> {
    /// Reads the bytes.
    func withReader<Success>(
        _ body: (inout ByteReader) throws(BinaryError) -> Success
    ) throws(BinaryError) -> Success {
        let result = withUnsafeBytes { bytes in
            Result { () throws(BinaryError) in
                var reader = ByteReader(bytes)
                return try body(&reader)
            }
        }
        return try result.get()
    }
}
