// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// What a component does, in words: two components with equal shapes have equal imports, core modules, instantiations and
/// exports, with the same things behind them. Indices, the order in which types are written, definitions that nothing uses,
/// and custom sections make no difference.
final class ComponentShape {
    /// The numbers of texts that are part of others, so that these stay short.
    private var numbers: [String: Int] = [:]
    private var texts: [String] = []
    private var inlineExports: [String: [String: String]] = [:]
    private var importNames: [String: [String: String]] = [:]
    private var bytes: [UInt8] = []

    private struct Scope {
        var spaces: [Sort: [String]] = [:]

        subscript(sort: Sort, index: UInt32) -> String {
            guard let space = spaces[sort], Int(index) < space.count else { return "?\(sort) \(index)" }
            return space[Int(index)]
        }

        mutating func add(_ sort: Sort, _ text: String) { spaces[sort, default: []].append(text) }
    }

    /// The steps of a component, comparable with those of other components by the same instance.
    func steps(of bytes: [UInt8]) throws -> [String] {
        self.bytes = bytes
        let binary = try ComponentDecoder.decode(bytes)
        return steps(binary, []).map { expanded($0, depth: 12) }
    }

    /// The library of stubs has another name in the expected components.
    private static func named(_ name: String) -> String {
        let other = "wit-component:stubs"
        return name.hasPrefix(other) ? "dovetail:stubs" + name.dropFirst(other.count) : name
    }

    private func short(_ text: String) -> String {
        if let number = numbers[text] { return "§\(number)§" }
        numbers[text] = texts.count
        texts.append(text)
        return "§\(texts.count - 1)§"
    }

    /// The text with others put in again, as far as that stays readable.
    private func expanded(_ text: String, depth: Int) -> String {
        guard depth > 0, text.contains("§"), text.utf8.count < 4_000 else { return text }
        let parts = text.split(separator: "§", omittingEmptySubsequences: false)
        var result = ""
        for (index, part) in parts.enumerated() {
            if index % 2 == 1, let number = Int(part), number < texts.count {
                result += expanded(texts[number], depth: depth - 1)
            } else {
                result += part
            }
        }
        return result
    }

    private func steps(_ component: ComponentBinary, _ outer: [Scope]) -> [String] {
        var scope = Scope()
        var steps: [String] = []
        var instantiations = 0
        for definition in component.definitions {
            switch definition.value {
            case .coreModule(let range): scope.add(.core(.module), short("module " + module(range)))
            case .coreInstance(let expression):
                let text: String
                switch expression {
                case .instantiate(let module, let arguments):
                    let names = arguments.map { "\($0.name)=\(scope[.core(.instance), $0.instance])" }.sorted()
                    text = short("core-instance\(instantiations) \(scope[.core(.module), module]) \(names)")
                    instantiations += 1
                    steps.append(text)
                case .exports(let exports):
                    var items: [String: String] = [:]
                    for export in exports { items[export.name] = scope[.core(export.item.sort), export.item.index] }
                    text = short("core-exports \(items.sorted { $0.key < $1.key })")
                    inlineExports[text] = items
                }
                scope.add(.core(.instance), text)
            case .coreType(let type): scope.add(.core(.type), short("\(type)"))
            case .component(let nested):
                var names: [String: String] = [:]
                for case .import(let item) in nested.definitions.map(\.value)
                where item.name.name.hasPrefix("import-type-") {
                    names[item.name.name] = "type-import-\(names.count)"
                }
                let text = short("component \(self.steps(nested, outer + [scope]))")
                importNames[text] = names
                scope.add(.component, text)
            case .instance(let expression):
                switch expression {
                case .instantiate(let component, let arguments):
                    let component = scope[.component, component]
                    let names = arguments.map {
                        "\(importNames[component]?[$0.name] ?? $0.name)=\(scope[$0.item.sort, $0.item.index])"
                    }
                    let text = short("instance\(instantiations) \(component) \(names.sorted())")
                    instantiations += 1
                    steps.append(text)
                    scope.add(.instance, text)
                case .exports(let exports):
                    scope.add(
                        .instance,
                        short("exports \(exports.map { "\($0.name)=\(scope[$0.item.sort, $0.item.index])" }.sorted())"))
                }
            case .alias(let alias): scope.add(alias.sort, self.alias(alias, scope, outer))
            case .type(let type):
                let text = self.type(type, &scope, outer)
                if case .resource = type {
                    scope.add(.type, short("\(text)\(scope.spaces[.type]?.count { $0.hasPrefix("resource") } ?? 0)"))
                } else {
                    scope.add(.type, short(text))
                }
            case .canonical(let canonical):
                switch canonical {
                case .lift(let function, let options, let type):
                    scope.add(
                        .function,
                        short(
                            "lift \(scope[.core(.function), function]) \(self.options(options, scope)) \(scope[.type, type])"
                        ))
                case .lower(let function, let options):
                    scope.add(
                        .core(.function),
                        short("lower \(scope[.function, function]) \(self.options(options, scope))"))
                case .builtin(let builtin): scope.add(.core(.function), short(self.builtin(builtin, scope)))
                }
            case .import(let item):
                let isNumbered = item.name.name.hasPrefix("import-type-")
                let name =
                    isNumbered ? "type-import-\(scope.spaces[.type]?.count { $0.hasPrefix("§") } ?? 0)" : "\(item.name)"
                let text = short("import \(isNumbered ? "" : name) \(extern(item.type, scope))")
                steps.append(text)
                scope.add(item.type.sort, isNumbered ? short("\(text) as \(steps.count)") : text)
            case .export(let item):
                let type = item.type.map { " as \(extern($0, scope))" } ?? ""
                let text = short("export \(item.name) \(scope[item.item.sort, item.item.index])\(type)")
                steps.append(text)
                scope.add(item.item.sort, text)
            case .start(let start): steps.append("start \(scope[.function, start.function])")
            case .value: scope.add(.value, "value")
            }
        }
        return steps
    }

    private func alias(_ alias: Alias, _ scope: Scope, _ outer: [Scope]) -> String {
        switch alias.target {
        case .export(let instance, let name): return short("\(scope[.instance, instance]) . \(name)")
        case .coreExport(let instance, let exported):
            let name = Self.named(exported)
            let instance = scope[.core(.instance), instance]
            return inlineExports[instance]?[name] ?? short("\(instance) . \(name)")
        case .outer(let count, let index):
            let scopes = outer + [scope]
            let position = scopes.count - 1 - Int(count)
            return scopes.indices.contains(position) ? scopes[position][alias.sort, index] : "?"
        }
    }

    // MARK: - Types

    private func type(_ type: ComponentTypeDefinition, _ scope: inout Scope, _ outer: [Scope]) -> String {
        func value(_ reference: ValueTypeReference?) -> String {
            switch reference {
            case nil: "_"
            case .primitive(let type): type.primitiveName ?? "?"
            case .index(let index): scope[.type, index]
            }
        }
        switch type {
        case .value(let value_):
            switch value_ {
            case .primitive(let type): return "primitive \(type.primitiveName ?? "?")"
            case .record(let fields): return "record \(fields.map { "\($0.label): \(value($0.type))" })"
            case .variant(let cases): return "variant \(cases.map { "\($0.label): \(value($0.type))" })"
            case .list(let element): return "list \(value(element))"
            case .fixedLengthList(let element, let count): return "list \(value(element)) \(count)"
            case .tuple(let elements): return "tuple \(elements.map { value($0) })"
            case .flags(let labels): return "flags \(labels)"
            case .enum(let labels): return "enum \(labels)"
            case .option(let type): return "option \(value(type))"
            case .result(let ok, let error): return "result \(value(ok)) \(value(error))"
            case .own(let index): return "own \(scope[.type, index])"
            case .borrow(let index): return "borrow \(scope[.type, index])"
            case .stream(let type): return "stream \(value(type))"
            case .future(let type): return "future \(value(type))"
            case .map(let key, let element): return "map \(value(key)) \(value(element))"
            }
        case .function(let function):
            return
                "func\(function.isAsync ? " async" : "") \(function.parameters.map { "\($0.label): \(value($0.type))" }) \(value(function.result))"
        case .resource(let resource):
            return
                "resource \(resource.representation) \(resource.destructor.map { scope[.core(.function), $0] } ?? "")"
        case .instance(let declarations), .component(let declarations):
            return "type \(self.declarations(declarations, outer + [scope]))"
        }
    }

    private func declarations(_ declarations: [Located<TypeDeclaration>], _ outer: [Scope]) -> [String] {
        var scope = Scope()
        var steps: [String] = []
        for declaration in declarations {
            switch declaration.value {
            case .coreType(let type): scope.add(.core(.type), short("\(type)"))
            case .type(let type): scope.add(.type, short(self.type(type, &scope, outer)))
            case .alias(let alias): scope.add(alias.sort, self.alias(alias, scope, outer))
            case .import(let item):
                let text = short("import \(item.name) \(extern(item.type, scope))")
                steps.append(text)
                scope.add(item.type.sort, text)
            case .export(let item):
                let text = short("export \(item.name) \(extern(item.type, scope))")
                steps.append(text)
                scope.add(item.type.sort, text)
            }
        }
        return steps
    }

    private func extern(_ type: ExternTypeReference, _ scope: Scope) -> String {
        switch type {
        case .coreModule(let index): "module \(scope[.core(.type), index])"
        case .function(let index): "func \(scope[.type, index])"
        case .type(.equal(let index)): "type = \(scope[.type, index])"
        case .type(.subResource): "resource"
        case .component(let index): "component \(scope[.type, index])"
        case .instance(let index): "instance \(scope[.type, index])"
        case .value: "value"
        }
    }

    // MARK: - Canonical definitions

    private func options(_ options: CanonicalOptions, _ scope: Scope) -> String {
        var parts: [String] = []
        if let encoding = options.stringEncoding { parts.append("\(encoding)") }
        if let memory = options.memory { parts.append("memory=\(scope[.core(.memory), memory])") }
        func function(_ name: String, _ index: UInt32?) {
            if let index { parts.append("\(name)=\(scope[.core(.function), index])") }
        }
        function("realloc", options.realloc)
        function("post-return", options.postReturn)
        function("callback", options.callback)
        if options.isAsync { parts.append("async") }
        return "\(parts)"
    }

    private func builtin(_ builtin: CanonicalBuiltin, _ scope: Scope) -> String {
        let name = builtin.signature.name
        if let transfer = builtin.transferType {
            let isAsync =
                switch builtin {
                case .streamCancelRead(_, let isAsync), .streamCancelWrite(_, let isAsync),
                    .futureCancelRead(_, let isAsync), .futureCancelWrite(_, let isAsync):
                    isAsync
                default: false
                }
            return
                "\(name) \(scope[.type, transfer.index]) \(isAsync) \(builtin.options.map { options($0, scope) } ?? "")"
        }
        switch builtin {
        case .resourceNew(let type), .resourceDrop(let type), .resourceRep(let type):
            return "\(name) \(scope[.type, type])"
        case .taskReturn(let result, let options):
            let type: String =
                switch result {
                case nil: "_"
                case .primitive(let type): type.primitiveName ?? "?"
                case .index(let index): scope[.type, index]
                }
            return "\(name) \(type) \(self.options(options, scope))"
        case .threadNewIndirect(let type, let table):
            return "\(name) \(scope[.core(.type), type]) \(scope[.core(.table), table])"
        default:
            if let options = builtin.options { return "\(name) \(self.options(options, scope))" }
            return "\(builtin)"
        }
    }

    // MARK: - Core modules

    /// A core module without custom sections, its types in an order that does not depend on who wrote it.
    private func module(_ range: Range<Int>) -> String {
        guard var module = try? CoreModuleBinary.decode(bytes, range: range) else { return "unreadable" }
        module.customSections = []
        for index in module.exports.indices { module.exports[index].name = Self.named(module.exports[index].name) }
        guard module.types.allSatisfy({ $0.count == 1 }) else { return "\(module.encoded())" }
        let flat = module.types.map { $0[0] }
        let used = (try? CoreReachability(module) { _ in true }) ?? nil
        let kept = flat.indices.filter { used?.uses(.type, UInt32($0)) ?? true }.map { flat[$0] }
        let sorted = Set(kept).sorted { "\($0)" < "\($1)" }
        var positions: [UInt32: UInt32] = [:]
        for (index, type) in flat.enumerated() {
            positions[UInt32(index)] = UInt32(sorted.firstIndex(of: type) ?? sorted.count)
        }
        try? module.mapIndices { space, index throws(BinaryError) in
            space == .type ? positions[index] ?? index : index
        }
        module.types = sorted.map { [$0] }
        return "\(module)"
    }
}
