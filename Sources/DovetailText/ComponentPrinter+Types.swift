// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary
internal import DovetailTypes

// Types and canonical definitions.
extension ComponentPrinter {
    mutating func coreType(_ type: CoreTypeDefinition, at offset: Int) throws(BinaryError) {
        switch type {
        case .recursive(let group): subtypes(group, keyword: "core type")
        case .module(let declarations):
            writer.openLine("core type")
            declare(.core(.type))
            writer.openLine("module")
            try nested(TextScope(), at: offset) { (printer) throws(BinaryError) in
                for declaration in declarations { printer.declaration(declaration.value) }
            }
            writer.close()
            writer.close()
        }
    }

    private mutating func subtypes(_ group: [CoreSubtype], keyword: String) {
        let isExplicit = group.count != 1
        if isExplicit { writer.openLine(keyword == "type" ? "rec" : "core rec") }
        for subtype in group {
            let index = scope.upcoming(.core(.type))
            scope.coreTypes.definition(subtype, index, keyword: isExplicit ? "type" : keyword, &writer)
            scopes[scopes.count - 1].skip(.core(.type))
        }
        if isExplicit { writer.close() }
    }

    private mutating func declaration(_ declaration: ModuleDeclaration) {
        switch declaration {
        case .type(.recursive(let group)): subtypes(group, keyword: "type")
        // A module type cannot hold another one.
        case .type(.module): break
        case .import(let module, let name, let type):
            writer.openLine("import ")
            writer.quoted(module)
            writer.put(" ")
            writer.quoted(name)
            extern(type)
        case .export(let name, let type):
            writer.openLine("export ")
            writer.quoted(name)
            extern(type)
        case .outerAlias(let count, let index):
            writer.openLine("alias \(outer(count, .core(.type), index)) (type")
            declare(.core(.type))
            writer.put(")")
            writer.close()
        }
    }

    /// The type of an import or export of a module type; ends its group.
    private mutating func extern(_ type: CoreExternType) {
        let text = scope.coreTypes
        writer.put(" (\(type.sort.keyword) ")
        switch type {
        case .function(let index, let isExact):
            let reference = "(type \(text.types.reference(index)))"
            writer.put(isExact ? "(exact \(reference))" : reference)
        case .tag(let index): writer.put("(type \(text.types.reference(index)))")
        case .table(let table): writer.put(text.table(table))
        case .memory(let memory): writer.put(text.memory(memory))
        case .global(let global): writer.put(text.global(global))
        }
        writer.put(")")
        writer.close()
    }

    mutating func type(_ type: ComponentTypeDefinition, at offset: Int) throws(BinaryError) {
        writer.openLine("type")
        let types = scope.types
        let outer = scope
        declare(.type)
        switch type {
        case .value(let type): writer.put(" " + types.defined(type))
        case .function(let type): writer.put(" " + types.function(type))
        case .resource(let type):
            let destructor = type.destructor.map { " (dtor \(outer.reference(.core(.function), $0)))" }
            writer.put(" (resource (rep \(scope.coreTypes.value(type.representation)))\(destructor ?? ""))")
        case .component(let declarations): try block("component", declarations, at: offset)
        case .instance(let declarations): try block("instance", declarations, at: offset)
        }
        writer.close()
    }

    private mutating func block(
        _ keyword: String, _ declarations: [Located<TypeDeclaration>], at offset: Int
    ) throws(BinaryError) {
        writer.openLine(keyword)
        try nested(TextScope(), at: offset) { (printer) throws(BinaryError) in
            for declaration in declarations { try printer.declaration(declaration) }
        }
        writer.close()
    }

    private mutating func declaration(_ declaration: Located<TypeDeclaration>) throws(BinaryError) {
        switch declaration.value {
        case .coreType(let type): try coreType(type, at: declaration.offset)
        case .type(let type): try self.type(type, at: declaration.offset)
        case .alias(let alias): self.alias(alias)
        case .import(let item): self.import(item.name, item.type)
        case .export(let item):
            writer.openLine("export")
            let type = "(\(item.type.sort.keyword) \(reference(item.type)))"
            declare(item.type.sort)
            writer.put(" ")
            name(item.name)
            writer.put(" " + type)
            writer.close()
        }
    }

    // MARK: - Canonical definitions

    mutating func canonical(_ definition: CanonicalDefinition) {
        switch definition {
        case .lift(let function, let options, let type):
            writer.openLine("func")
            declare(.function)
            writer.put(" (type \(scope.reference(.type, type))) ")
            writer.open("canon lift (core func \(scope.reference(.core(.function), function)))")
            self.options(options)
        case .lower(let function, let options):
            writer.openLine("core func")
            let reference = scope.reference(.function, function)
            declare(.core(.function))
            writer.put(" ")
            writer.open("canon lower (func \(reference))")
            self.options(options)
        case .builtin(let builtin):
            writer.openLine("core func")
            declare(.core(.function))
            writer.put(" ")
            writer.open("canon \(builtin.signature.name)")
            self.builtin(builtin)
        }
        writer.close()
        writer.close()
    }

    private mutating func builtin(_ builtin: CanonicalBuiltin) {
        func type(_ index: UInt32) -> String { " " + scope.reference(.type, index) }
        func coreType(_ index: UInt32) -> String { " " + scope.reference(.core(.type), index) }
        func table(_ index: UInt32) -> String { " " + scope.reference(.core(.table), index) }
        if let (index, _) = builtin.transferType { writer.put(type(index)) }
        switch builtin {
        case .resourceNew(let index), .resourceDrop(let index), .resourceRep(let index): writer.put(type(index))
        case .taskReturn(let result?, _): writer.put(" (result \(scope.types.value(result)))")
        case .contextGet(let value, let slot), .contextSet(let value, let slot):
            writer.put(" \(scope.coreTypes.value(value)) \(slot)")
        case .subtaskCancel(let isAsync), .streamCancelRead(_, let isAsync), .streamCancelWrite(_, let isAsync),
            .futureCancelRead(_, let isAsync), .futureCancelWrite(_, let isAsync):
            if isAsync { writer.put(" async") }
        case .threadNewIndirect(let index, let tableIndex): writer.put(coreType(index) + table(tableIndex))
        case .threadSpawnRef(let isShared, let index): writer.put((isShared ? " shared" : "") + coreType(index))
        case .threadSpawnIndirect(let isShared, let index, let tableIndex):
            writer.put((isShared ? " shared" : "") + coreType(index) + table(tableIndex))
        case .threadAvailableParallelism(let isShared): if isShared { writer.put(" shared") }
        default: break
        }
        if let options = builtin.options { self.options(options) }
    }

    private mutating func options(_ options: CanonicalOptions) {
        func function(_ keyword: String, _ index: UInt32?) {
            guard let index else { return }
            writer.put(" (\(keyword) \(scope.reference(.core(.function), index)))")
        }
        if let memory = options.memory { writer.put(" (memory \(scope.reference(.core(.memory), memory)))") }
        function("realloc", options.realloc)
        if let encoding = options.stringEncoding { writer.put(" string-encoding=\(encoding.keyword)") }
        function("post-return", options.postReturn)
        if options.isAsync { writer.put(" async") }
        function("callback", options.callback)
        if let type = options.coreType { writer.put(" (core-type \(scope.reference(.core(.type), type)))") }
        if options.usesGarbageCollection { writer.put(" gc") }
    }
}

extension StringEncoding {
    /// How the text format writes it.
    fileprivate var keyword: String {
        switch self {
        case .utf8: "utf8"
        case .utf16: "utf16"
        case .latin1OrUTF16: "latin1+utf16"
        }
    }
}
