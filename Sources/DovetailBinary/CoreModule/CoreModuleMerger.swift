// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// Joins core modules, whose instances import from each other, into one.
///
/// What one imports from another becomes the thing itself: calls are direct, and globals that nothing sets become constants. Things
/// that nothing needs are left out.
package struct CoreModuleMerger {
    /// Where an import comes from.
    package enum Supplier {
        /// An item of a module that comes before, by its index there.
        case item(module: Int, index: UInt32)
        /// From elsewhere: equal numbers are the same thing.
        case external(Int)
    }

    /// An export of the result.
    package struct Export {
        /// Its name.
        package var name: String
        /// The module that has the item.
        package var module: Int
        /// The item in that module.
        package var item: CoreSortIndex

        /// Makes an export.
        package init(name: String, module: Int, item: CoreSortIndex) {
            self.name = name
            self.module = module
            self.item = item
        }
    }

    /// What each index of a module stands for: own things are counted through all modules, others are negative.
    private typealias Node = Int

    /// An index space of all modules.
    private struct Space {
        /// The nodes by module and index.
        var nodes: [[Node]] = []
        /// Where the own things of each module begin.
        var starts: [Int] = []
        /// What comes from elsewhere, first what was met first: whoever imports it, and the number that it has there.
        var externals: [(module: Int, type: CoreExternType, number: Int)] = []
        var numbers: [Int: Node] = [:]
        var isUsed: [Bool] = []
        var isExternalUsed: [Bool] = []
        /// The new indices.
        var indices: [UInt32] = []
        var externalIndices: [UInt32] = []

        /// Says that a thing is needed; whether that is news.
        mutating func use(_ node: Node) -> Bool {
            if node < 0 {
                isExternalUsed[~node] = true
                return false
            }
            if isUsed[node] { return false }
            isUsed[node] = true
            return true
        }

        func isNeeded(_ node: Node) -> Bool { node < 0 ? isExternalUsed[~node] : isUsed[node] }

        func index(of node: Node) -> UInt32 { node < 0 ? externalIndices[~node] : indices[node] }

        /// The module of an own thing, and its position there.
        func place(of node: Node) -> (module: Int, position: Int) {
            // The last module that begins at or before it, and has things of the kind.
            var low = 0
            var high = starts.count
            while low + 1 < high {
                let middle = (low + high) / 2
                if starts[middle] <= node { low = middle } else { high = middle }
            }
            return (low, node - starts[low])
        }
    }

    /// A segment of a module.
    private struct Segment: Hashable {
        let module: Int
        let position: Int

        init(_ module: Int, _ position: Int) {
            self.module = module
            self.position = position
        }
    }

    private static let sorts: [CoreSort] = [.function, .table, .memory, .global, .tag]
    private let modules: [CoreModuleBinary]
    private let exports: [Export]
    private var spaces: [Space] = []
    /// The things that are used but not looked at yet.
    private var pending: [(sort: CoreSort, node: Node)] = []
    /// The globals that something sets.
    private var isSet: [Bool] = []
    private var constants: [CoreConstant?] = []
    /// The functions that code takes references to.
    private var referenced: Set<Node> = []
    private var usedData: Set<Segment> = []
    private var usedElements: Set<Segment> = []
    private var elementIndices: [[UInt32?]] = []
    private var dataIndices: [[UInt32?]] = []
    private var types = MergedTypes()

    /// Prepares to join modules, in the order in which they are instantiated.
    ///
    /// - Parameters:
    ///   - modules: what is joined; start functions are not looked at.
    ///   - suppliers: where each import of each module comes from.
    ///   - exports: what the result exports.
    /// - Throws: a ``BinaryError`` when something refers to what is not there.
    package init(
        _ modules: [CoreModuleBinary], suppliers: [[Supplier]], exports: [Export]
    ) throws(BinaryError) {
        self.modules = modules
        self.exports = exports
        for sort in Self.sorts { spaces.append(try Self.space(sort, modules, suppliers)) }
        for module in modules { try types.add(module) }
        isSet = Array(repeating: false, count: self[.global].isUsed.count)
    }

    private static func space(
        _ sort: CoreSort, _ modules: [CoreModuleBinary], _ suppliers: [[Supplier]]
    ) throws(BinaryError) -> Space {
        var space = Space()
        var count = 0
        for (position, module) in modules.enumerated() {
            var nodes: [Node] = []
            for (item, supplier) in zip(module.imports, suppliers[position]) where item.type.sort == sort {
                switch supplier {
                case .item(let other, let index):
                    guard other < position, Int(index) < space.nodes[other].count else { throw unknown(sort, index) }
                    nodes.append(space.nodes[other][Int(index)])
                case .external(let number):
                    let node = space.numbers[number] ?? ~space.externals.count
                    if node == ~space.externals.count {
                        space.numbers[number] = node
                        space.externals.append((position, item.type, number))
                    }
                    nodes.append(node)
                }
            }
            space.starts.append(count)
            let own = module.definitionCount(sort)
            nodes += count..<count + own
            count += own
            space.nodes.append(nodes)
        }
        space.isUsed = Array(repeating: false, count: count)
        space.isExternalUsed = Array(repeating: false, count: space.externals.count)
        return space
    }

    private static func unknown(_ what: CoreSort, _ index: UInt32) -> BinaryError {
        .malformed("unknown \(what) \(index) of a core module", at: 0)
    }

    private subscript(sort: CoreSort) -> Space {
        _read { yield spaces[Int(sort.rawValue)] }
        _modify { yield &spaces[Int(sort.rawValue)] }
    }

    private func node(_ sort: CoreSort, _ index: UInt32, of module: Int) throws(BinaryError) -> Node {
        let nodes = spaces[Int(sort.rawValue)].nodes[module]
        guard Int(index) < nodes.count else { throw Self.unknown(sort, index) }
        return nodes[Int(index)]
    }

    /// Joins the modules.
    ///
    /// - Returns: the module; its imports are called by their positions, in a module without a name; and the numbers of the
    ///   external things that these are.
    /// - Throws: a ``BinaryError`` when code cannot be read or refers to what is not there.
    package mutating func merged() throws(BinaryError) -> (module: CoreModuleBinary, imports: [Int]) {
        try findUsed()
        try findConstants()
        var result = CoreModuleBinary()
        var imports: [Int] = []
        for sort in Self.sorts { try number(sort, &result, &imports) }
        numberSegments()
        try addDefinitions(to: &result)
        try addSegments(to: &result)
        for export in exports {
            let node = try node(export.item.sort, export.item.index, of: export.module)
            let item = CoreSortIndex(sort: export.item.sort, index: self[export.item.sort].index(of: node))
            result.exports.append(CoreModuleExport(name: export.name, item: item))
        }
        result.types = types.groups
        addCustomSections(to: &result)
        return (result, imports)
    }

    // MARK: - What is needed

    private mutating func use(_ sort: CoreSort, _ index: UInt32, of module: Int) throws(BinaryError) {
        let node = try node(sort, index, of: module)
        if self[sort].use(node) { pending.append((sort, node)) }
    }

    private mutating func use(
        _ reference: CoreIndexReference, in code: ArraySlice<UInt8>, of module: Int
    ) throws(BinaryError) {
        switch reference.space {
        case .type: return
        case .data: usedData.insert(Segment(module, Int(reference.index)))
        case .element:
            if usedElements.insert(Segment(module, Int(reference.index))).inserted {
                guard Int(reference.index) < modules[module].elements.count else {
                    throw .malformed("unknown element segment \(reference.index) of a core module", at: 0)
                }
                try useItems(of: modules[module].elements[Int(reference.index)], module)
            }
        case .global:
            if !reference.readsGlobal(in: code) {
                let node = try node(.global, reference.index, of: module)
                if node >= 0 { isSet[node] = true }
            }
            try use(.global, reference.index, of: module)
        case .function:
            if reference.takesReference(in: code) {
                referenced.insert(try node(.function, reference.index, of: module))
            }
            try use(.function, reference.index, of: module)
        case .table: try use(.table, reference.index, of: module)
        case .memory: try use(.memory, reference.index, of: module)
        case .tag: try use(.tag, reference.index, of: module)
        }
    }

    private mutating func useExpression(_ expression: ArraySlice<UInt8>, of module: Int) throws(BinaryError) {
        try CoreCode.indices(inExpression: expression) { reference throws(BinaryError) in
            try use(reference, in: expression, of: module)
        }
    }

    private mutating func useItems(of segment: CoreElementSegment, _ module: Int) throws(BinaryError) {
        switch segment.items {
        case .functions(let functions): for function in functions { try use(.function, function, of: module) }
        case .expressions(_, let expressions): for item in expressions { try useExpression(item, of: module) }
        }
    }

    private mutating func findUsed() throws(BinaryError) {
        for export in exports {
            try use(export.item.sort, export.item.index, of: export.module)
            guard export.item.sort == .global else { continue }
            // Whoever imports it may set it, if that can be done at all.
            let node = try node(.global, export.item.index, of: export.module)
            if node >= 0 { isSet[node] = true }
        }
        for (position, module) in modules.enumerated() {
            for segment in module.elements {
                guard case .active(let table, let offset) = segment.mode else { continue }
                try use(.table, table, of: position)
                try useExpression(offset, of: position)
                try useItems(of: segment, position)
            }
            for segment in module.data {
                guard case .active(let memory, let offset) = segment.mode else { continue }
                try use(.memory, memory, of: position)
                try useExpression(offset, of: position)
            }
        }
        while let (sort, node) = pending.popLast() {
            let (owner, position) = self[sort].place(of: node)
            switch sort {
            case .function:
                let body = modules[owner].functions[position].body
                try CoreCode.indices(inBody: body) { reference throws(BinaryError) in
                    try use(reference, in: body, of: owner)
                }
            case .global: try useExpression(modules[owner].globals[position].initializer, of: owner)
            case .table:
                if let initializer = modules[owner].tables[position].initializer {
                    try useExpression(initializer, of: owner)
                }
            default: continue
            }
        }
    }

    /// Finds the globals that always have the same number.
    private mutating func findConstants() throws(BinaryError) {
        constants = Array(repeating: nil, count: isSet.count)
        for node in isSet.indices where self[.global].isUsed[node] && !isSet[node] {
            let (owner, position) = self[.global].place(of: node)
            // What it is read from comes before, so that its value is known.
            constants[node] = try constant(modules[owner].globals[position].initializer, owner)
        }
    }

    /// The number that a constant expression gives: its own, or that of a global before it.
    private func constant(_ expression: ArraySlice<UInt8>, _ module: Int) throws(BinaryError) -> CoreConstant? {
        if let constant = CoreConstant(expression) { return constant }
        var read: Node?
        try CoreCode.indices(inExpression: expression) { reference throws(BinaryError) in
            guard reference.readsGlobal(in: expression), reference.range.lowerBound == 1,
                reference.range.upperBound == expression.count - 1
            else { return }
            read = try self.node(.global, reference.index, of: module)
        }
        return read.flatMap { $0 < 0 ? nil : constants[$0] }
    }

    // MARK: - What comes out

    /// Gives imports and what is needed of the definitions their indices, and writes the imports.
    private mutating func number(
        _ sort: CoreSort, _ result: inout CoreModuleBinary, _ imports: inout [Int]
    ) throws(BinaryError) {
        var count: UInt32 = 0
        var space = self[sort]
        space.externalIndices = Array(repeating: 0, count: space.externals.count)
        space.indices = Array(repeating: 0, count: space.isUsed.count)
        for (position, external) in space.externals.enumerated() where space.isExternalUsed[position] {
            let type = try external.type.mapIndices { index throws(BinaryError) in
                try self.type(index, external.module)
            }
            result.imports.append(CoreModuleImport(module: "", name: "\(imports.count)", type: type))
            imports.append(external.number)
            space.externalIndices[position] = count
            count += 1
        }
        for node in space.isUsed.indices where space.isUsed[node] {
            // What has become a constant is no global any more.
            if sort == .global, constants[node] != nil {
                space.isUsed[node] = false
                continue
            }
            space.indices[node] = count
            count += 1
        }
        self[sort] = space
    }

    /// Gives the segments that are needed their indices.
    private mutating func numberSegments() {
        var (elementCount, dataCount): (UInt32, UInt32) = (0, 0)
        for (owner, module) in modules.enumerated() {
            var elements: [UInt32?] = []
            for (position, segment) in module.elements.enumerated() {
                let isNeeded = segment.mode.isActive || usedElements.contains(Segment(owner, position))
                elements.append(isNeeded ? elementCount : nil)
                if isNeeded { elementCount += 1 }
            }
            elementIndices.append(elements)
            var data: [UInt32?] = []
            for (position, segment) in module.data.enumerated() {
                let isNeeded = segment.mode != .passive || usedData.contains(Segment(owner, position))
                data.append(isNeeded ? dataCount : nil)
                if isNeeded { dataCount += 1 }
            }
            dataIndices.append(data)
        }
    }

    private func type(_ index: UInt32, _ module: Int) throws(BinaryError) -> UInt32 {
        let indices = types.indices[module]
        guard Int(index) < indices.count else { throw .malformed("unknown type \(index) of a core module", at: 0) }
        return indices[Int(index)]
    }

    /// The new index of what has an index in a module.
    private func item(_ space: CoreIndexSpace, _ index: UInt32, _ module: Int) throws(BinaryError) -> UInt32 {
        func segment(_ indices: [[UInt32?]], _ what: String) throws(BinaryError) -> UInt32 {
            guard Int(index) < indices[module].count, let new = indices[module][Int(index)] else {
                throw .malformed("unknown \(what) segment \(index) of a core module", at: 0)
            }
            return new
        }
        switch space.sort {
        case .type?: return try type(index, module)
        case let sort?: return spaces[Int(sort.rawValue)].index(of: try node(sort, index, of: module))
        case nil:
            return space == .element ? try segment(elementIndices, "element") : try segment(dataIndices, "data")
        }
    }

    private func replacement(
        _ reference: CoreIndexReference, _ module: Int
    ) throws(BinaryError) -> CoreIndexReplacement {
        if reference.space == .global {
            let node = try node(.global, reference.index, of: module)
            if node >= 0, let constant = constants[node] { return .constant(constant) }
        }
        let new = try item(reference.space, reference.index, module)
        // Numbers that linkers have padded are written again.
        return new == reference.index && reference.range.count <= 2 ? .unchanged : .index(new)
    }

    private func expression(
        _ expression: ArraySlice<UInt8>, _ module: Int
    ) throws(BinaryError) -> ArraySlice<UInt8> {
        try CoreCode.expression(expression) { reference throws(BinaryError) in try replacement(reference, module) }
    }

    /// The modules and positions of the definitions that are needed, in the order of their indices.
    private func used(_ sort: CoreSort) -> [(module: Int, position: Int)] {
        let space = self[sort]
        var result: [(Int, Int)] = []
        for (owner, module) in modules.enumerated() {
            let start = space.starts[owner]
            for position in 0..<module.definitionCount(sort) where space.isUsed[start + position] {
                result.append((owner, position))
            }
        }
        return result
    }

    private func addDefinitions(to result: inout CoreModuleBinary) throws(BinaryError) {
        for (owner, position) in used(.function) {
            let function = modules[owner].functions[position]
            let body = try CoreCode.body(function.body) { reference throws(BinaryError) in
                try replacement(reference, owner)
            }
            result.functions.append(CoreFunctionDefinition(type: try type(function.type, owner), body: body))
        }
        for (owner, position) in used(.table) {
            var table = modules[owner].tables[position]
            table.type.element = try table.type.element.mapIndices { index throws(BinaryError) in
                try type(index, owner)
            }
            if let initializer = table.initializer { table.initializer = try expression(initializer, owner) }
            result.tables.append(table)
        }
        for (owner, position) in used(.memory) { result.memories.append(modules[owner].memories[position]) }
        for (owner, position) in used(.tag) { result.tags.append(try type(modules[owner].tags[position], owner)) }
        for (owner, position) in used(.global) {
            var global = modules[owner].globals[position]
            global.type.type = try global.type.type.mapIndices { index throws(BinaryError) in try type(index, owner) }
            global.initializer = try expression(global.initializer, owner)
            result.globals.append(global)
        }
    }

    private func addSegments(to result: inout CoreModuleBinary) throws(BinaryError) {
        for (owner, module) in modules.enumerated() {
            for (position, var segment) in module.elements.enumerated() where elementIndices[owner][position] != nil {
                if case .active(let table, let offset) = segment.mode {
                    segment.mode = .active(
                        table: try item(.table, table, owner), offset: try expression(offset, owner))
                }
                segment.items = try items(segment.items, owner)
                result.elements.append(segment)
            }
            for (position, var segment) in module.data.enumerated() where dataIndices[owner][position] != nil {
                if case .active(let memory, let offset) = segment.mode {
                    segment.mode = .active(
                        memory: try item(.memory, memory, owner), offset: try expression(offset, owner))
                }
                result.data.append(segment)
            }
        }
        result.countsDataSegments = !usedData.isEmpty
        // It has to be declared; exports that did so may have gone.
        let declared = referenced.map { self[.function].index(of: $0) }.sorted()
        if !declared.isEmpty {
            result.elements.append(CoreElementSegment(mode: .declarative, items: .functions(declared)))
        }
    }

    private func items(
        _ items: CoreElementSegment.Items, _ module: Int
    ) throws(BinaryError) -> CoreElementSegment.Items {
        switch items {
        case .functions(var functions):
            for index in functions.indices { functions[index] = try item(.function, functions[index], module) }
            return .functions(functions)
        case .expressions(let reference, var expressions):
            let reference = try reference.mapIndices { index throws(BinaryError) in try type(index, module) }
            for index in expressions.indices { expressions[index] = try expression(expressions[index], module) }
            return .expressions(reference, expressions)
        }
    }

    /// Who made the modules, as the first says it, and the names of functions.
    private func addCustomSections(to result: inout CoreModuleBinary) {
        var names: [(index: UInt32, name: String)] = []
        for (owner, module) in modules.enumerated() {
            let imported = module.importCount(.function)
            for (index, name) in CoreNames(module).names[.function] ?? [:] where Int(index) >= imported {
                guard let node = try? node(.function, index, of: owner), self[.function].isNeeded(node) else {
                    continue
                }
                names.append((self[.function].index(of: node), name))
            }
        }
        if !names.isEmpty {
            result.customSections.append(
                CoreCustomSection(name: CoreNames.section, payload: CoreNames.encoded(functions: names)[...]))
        }
        let producers = modules.lazy.compactMap { module in
            module.customSections.first { $0.name == ProducersSection.name }
        }.first
        if var producers {
            producers.place = .end
            result.customSections.append(producers)
        }
    }
}

/// The types of several modules, each of which is written once.
private struct MergedTypes {
    private(set) var groups: [[CoreSubtype]] = []
    /// The new indices by module and index.
    private(set) var indices: [[UInt32]] = []
    private var count: UInt32 = 0
    private var known: [CoreSubtype: UInt32] = [:]

    mutating func add(_ module: CoreModuleBinary) throws(BinaryError) {
        var own: [UInt32] = []
        for group in module.types {
            let (first, start) = (UInt32(own.count), count)
            var mapped: [CoreSubtype] = []
            for subtype in group {
                mapped.append(
                    try subtype.mapIndices { other throws(BinaryError) in
                        // Types refer to those before them and to those of their group.
                        guard other >= first else { return own[Int(other)] }
                        guard other - first < group.count else {
                            throw .malformed("unknown type \(other) of a core module", at: 0)
                        }
                        return start + (other - first)
                    })
            }
            if mapped.count == 1, let same = known[mapped[0]] {
                own.append(same)
                continue
            }
            if mapped.count == 1 { known[mapped[0]] = start }
            groups.append(mapped)
            own += start..<start + UInt32(mapped.count)
            count += UInt32(mapped.count)
        }
        indices.append(own)
    }
}

extension CoreElementSegment.Mode {
    fileprivate var isActive: Bool {
        if case .active = self { true } else { false }
    }
}

extension CoreModuleBinary {
    /// How many things of a sort the module itself defines.
    fileprivate func definitionCount(_ sort: CoreSort) -> Int {
        switch sort {
        case .function: functions.count
        case .table: tables.count
        case .memory: memories.count
        case .global: globals.count
        case .tag: tags.count
        case .type, .module, .instance: 0
        }
    }
}
