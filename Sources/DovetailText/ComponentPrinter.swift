// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary
internal import DovetailTypes

/// Prints a component. (Explainer.md; the text format of each definition stands with its grammar there)
struct ComponentPrinter {
    let bytes: UnsafeRawBufferPointer
    /// The scopes that are open, the innermost last.
    var scopes: [TextScope] = []
    var writer = TextWriter()
    /// How deep components and types may be nested in one another.
    private static let deepest = 100

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The innermost scope; there is one wherever something is printed.
    var scope: TextScope { scopes.last ?? TextScope() }

    /// Gives the next definition of `sort` its index and writes its identifier, and the index as a comment.
    mutating func declare(_ sort: Sort) {
        if !scopes.isEmpty { scopes[scopes.count - 1].declare(sort, &writer) }
    }

    /// The names that a component carries.
    func names(of component: ComponentBinary) -> NameSection? {
        component.customSections.lazy.compactMap { [bytes] in NameSection($0, in: bytes) }.first
    }

    /// Prints a component with these names behind the keyword and the identifier.
    mutating func component(_ component: ComponentBinary, _ names: NameSection?) throws(BinaryError) {
        try nested(TextScope(names), at: component.range.lowerBound) { (printer) throws(BinaryError) in
            var sections = component.customSections[...]
            for definition in component.definitions {
                // Custom sections stand where they are in the file.
                while let section = sections.first, section.offset < definition.offset {
                    printer.custom(section)
                    sections.removeFirst()
                }
                try printer.definition(definition)
            }
            for section in sections { printer.custom(section) }
        }
    }

    /// Prints in a scope of its own.
    mutating func nested(
        _ scope: TextScope, at offset: Int, _ body: (inout ComponentPrinter) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        guard scopes.count < Self.deepest else {
            throw .malformed("more than \(Self.deepest) components and types in one another", at: offset)
        }
        scopes.append(scope)
        defer { scopes.removeLast() }
        try body(&self)
    }

    private mutating func custom(_ section: CustomSection) {
        CustomSectionText.print(section.name, Array(bytes[section.range])[...], &writer)
    }

    private mutating func definition(_ definition: Located<Definition>) throws(BinaryError) {
        switch definition.value {
        case .coreModule(let range):
            writer.openLine("core module")
            declare(.core(.module))
            var printer = CoreModulePrinter(try CoreModuleBinary.decode(Array(bytes[range])))
            try printer.fields(&writer)
            writer.close()
        case .component(let component):
            writer.openLine("component")
            declare(.component)
            try self.component(component, names(of: component))
            writer.close()
        case .coreInstance(let instance): coreInstance(instance)
        case .instance(let instance): self.instance(instance)
        case .coreType(let type): try coreType(type, at: definition.offset)
        case .type(let type): try self.type(type, at: definition.offset)
        case .alias(let alias): self.alias(alias)
        case .canonical(let canonical): self.canonical(canonical)
        case .start(let start):
            writer.openLine("start \(scope.reference(.function, start.function))")
            for argument in start.arguments { writer.put(" (value \(scope.reference(.value, argument)))") }
            for _ in 0..<min(start.resultCount, 1000) {
                writer.put(" (result (value")
                declare(.value)
                writer.put("))")
            }
            writer.close()
        case .import(let item): self.import(item.name, item.type)
        case .export(let item): export(item)
        case .value(let value):
            writer.openLine("value")
            declare(.value)
            writer.put(" \(scope.types.value(value.type)) (;\(value.range.count) bytes;)")
            writer.close()
        }
    }

    // MARK: - Imports and exports

    /// A name with its attributes.
    mutating func name(_ name: ExternName) {
        writer.quoted(name.name)
        for (keyword, value) in [
            ("implements", name.implements), ("versionsuffix", name.versionSuffix), ("external-id", name.externalID),
        ] {
            guard let value else { continue }
            writer.put(" (\(keyword) ")
            writer.quoted(value)
            writer.put(")")
        }
    }

    /// An import, which gets the next index: `(import "name" (func $name (;0;) (type 0)))`.
    mutating func `import`(_ name: ExternName, _ type: ExternTypeReference) {
        writer.openLine("import ")
        self.name(name)
        writer.put(" (\(type.sort.keyword)")
        let text = reference(type)
        declare(type.sort)
        writer.put(" \(text))")
        writer.close()
    }

    /// The type of an import or export.
    func reference(_ type: ExternTypeReference) -> String {
        switch type {
        case .coreModule(let index): "(type \(scope.reference(.core(.type), index)))"
        case .function(let index), .component(let index), .instance(let index):
            "(type \(scope.reference(.type, index)))"
        case .value(.equal(let index)): "(eq \(scope.reference(.value, index)))"
        case .value(.type(let type)): scope.types.value(type)
        case .type(.equal(let index)): "(eq \(scope.reference(.type, index)))"
        case .type(.subResource): "(sub resource)"
        }
    }

    private mutating func export(_ item: ExportDefinition) {
        writer.openLine("export")
        let reference = scope.reference(item.item.sort, item.item.index)
        let type = item.type.map { " (\($0.sort.keyword) \(self.reference($0)))" }
        declare(item.item.sort)
        writer.put(" ")
        name(item.name)
        writer.put(" (\(item.item.sort.keyword) \(reference))\(type ?? "")")
        writer.close()
    }

    mutating func alias(_ alias: Alias) {
        writer.openLine("alias ")
        let sort = alias.sort
        switch alias.target {
        case .export(let instance, let name):
            writer.put("export \(scope.reference(.instance, instance)) ")
            writer.quoted(name)
        case .coreExport(let instance, let name):
            writer.put("core export \(scope.reference(.core(.instance), instance)) ")
            writer.quoted(name)
        case .outer(let count, let index): writer.put(outer(count, sort, index))
        }
        writer.put(" (\(sort.keyword)")
        declare(sort)
        writer.put(")")
        writer.close()
    }

    /// What an alias refers to in the scope that is `count` scopes outward.
    func outer(_ count: UInt32, _ sort: Sort, _ index: UInt32) -> String {
        let outer = Int(count) < scopes.count ? scopes[scopes.count - 1 - Int(count)] : TextScope()
        return "outer \(outer.outward(count)) \(outer.reference(sort, index))"
    }

    // MARK: - Instances

    private mutating func coreInstance(_ instance: CoreInstanceExpression) {
        writer.openLine("core instance")
        declare(.core(.instance))
        switch instance {
        case .instantiate(let module, let arguments):
            writer.put(" ")
            writer.open("instantiate \(scope.reference(.core(.module), module))")
            for argument in arguments {
                let instance = SortIndex(sort: .instance, index: argument.instance)
                with(argument.name, instance, scope.reference(.core(.instance), argument.instance))
            }
            writer.close()
        case .exports(let exports):
            for export in exports {
                writer.openLine("export ")
                writer.quoted(export.name)
                let item = export.item
                writer.put(" (\(item.sort.keyword) \(scope.reference(.core(item.sort), item.index)))")
                writer.close()
            }
        }
        writer.close()
    }

    private mutating func instance(_ instance: InstanceExpression) {
        writer.openLine("instance")
        declare(.instance)
        switch instance {
        case .instantiate(let component, let arguments):
            writer.put(" ")
            writer.open("instantiate \(scope.reference(.component, component))")
            for argument in arguments {
                with(argument.name, argument.item, scope.reference(argument.item.sort, argument.item.index))
            }
            writer.close()
        case .exports(let exports):
            for export in exports {
                writer.openLine("export ")
                name(export.name)
                writer.put(" (\(export.item.sort.keyword) \(scope.reference(export.item.sort, export.item.index)))")
                writer.close()
            }
        }
        writer.close()
    }

    private mutating func with(_ name: String, _ item: SortIndex, _ reference: String) {
        writer.openLine("with ")
        writer.quoted(name)
        writer.put(" (\(item.sort.keyword) \(reference))")
        writer.close()
    }
}
