// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// What of a core module is needed, beginning with some of its exports.
package struct CoreReachability {
    private let module: CoreModuleBinary
    private(set) var used: [CoreIndexSpace: Set<UInt32>] = [:]
    private var pending: [(CoreIndexSpace, UInt32)] = []
    private let imports: [CoreSort: [CoreExternType]]
    /// The recursion group of each type, and the first type of each group.
    private var groups: [Int] = []
    private var groupStarts: [Int] = []

    /// Finds what the exports that `isRoot` picks need, and what runs at instantiation: the start function, and if
    /// `includingSegments`, what fills tables and memories that others own.
    ///
    /// - Throws: a ``BinaryError`` when code cannot be read or an index is past its index space.
    package init(
        _ module: CoreModuleBinary, roots isRoot: (String) -> Bool, includingSegments: Bool = false
    ) throws(BinaryError) {
        self.module = module
        imports = Dictionary(grouping: module.imports.map(\.type), by: \.sort)
        for (index, group) in module.types.enumerated() {
            groupStarts.append(groups.count)
            groups += Array(repeating: index, count: group.count)
        }
        for export in module.exports where isRoot(export.name) {
            if let space = export.item.sort.indexSpace { use(space, export.item.index) }
        }
        if let start = module.start { use(.function, start) }
        if includingSegments {
            for (index, segment) in module.elements.enumerated() {
                if case .active = segment.mode { use(.element, UInt32(index)) }
            }
            for (index, segment) in module.data.enumerated() {
                if case .active = segment.mode { use(.data, UInt32(index)) }
            }
        }
        try run()
    }

    /// Whether something is needed.
    package func uses(_ space: CoreIndexSpace, _ index: UInt32) -> Bool { used[space]?.contains(index) ?? false }

    private mutating func use(_ space: CoreIndexSpace, _ index: UInt32) {
        if used[space, default: []].insert(index).inserted { pending.append((space, index)) }
    }

    private mutating func run() throws(BinaryError) {
        while let (space, index) = pending.popLast() {
            switch space {
            case .type: try type(index)
            case .function, .table, .memory, .global, .tag: try item(space, index)
            case .element:
                guard Int(index) < module.elements.count else { throw unknown(index, "element segment") }
                try element(module.elements[Int(index)])
            case .data:
                guard Int(index) < module.data.count else { throw unknown(index, "data segment") }
                if case .active(let memory, let offset) = module.data[Int(index)].mode {
                    use(.memory, memory)
                    try expression(offset)
                }
            }
        }
    }

    private func unknown(_ index: UInt32, _ what: String) -> BinaryError {
        .malformed("unknown \(what) \(index) of a core module", at: 0)
    }

    private mutating func type(_ index: UInt32) throws(BinaryError) {
        guard Int(index) < groups.count else { throw unknown(index, "type") }
        // A recursion group is one thing.
        let group = groups[Int(index)]
        for (member, subtype) in module.types[group].enumerated() {
            use(.type, UInt32(groupStarts[group] + member))
            _ = try subtype.mapIndices { other throws(BinaryError) in
                use(.type, other)
                return other
            }
        }
    }

    private mutating func externType(_ type: CoreExternType) throws(BinaryError) {
        _ = try type.mapIndices { other throws(BinaryError) in
            use(.type, other)
            return other
        }
    }

    /// An import or a definition.
    private mutating func item(_ space: CoreIndexSpace, _ index: UInt32) throws(BinaryError) {
        guard let sort = space.sort else { return }
        let imported = imports[sort] ?? []
        guard Int(index) >= imported.count else {
            try externType(imported[Int(index)])
            return segments(of: space, index)
        }
        let own = Int(index) - imported.count
        switch space {
        case .function:
            guard own < module.functions.count else { throw unknown(index, "function") }
            use(.type, module.functions[own].type)
            try CoreCode.indices(inBody: module.functions[own].body) { reference throws(BinaryError) in
                use(reference.space, reference.index)
            }
        case .table:
            guard own < module.tables.count else { throw unknown(index, "table") }
            try externType(.table(module.tables[own].type))
            if let initializer = module.tables[own].initializer { try expression(initializer) }
        case .memory:
            guard own < module.memories.count else { throw unknown(index, "memory") }
        case .global:
            guard own < module.globals.count else { throw unknown(index, "global") }
            try externType(.global(module.globals[own].type))
            try expression(module.globals[own].initializer)
        case .tag:
            guard own < module.tags.count else { throw unknown(index, "tag") }
            use(.type, module.tags[own])
        default: break
        }
        segments(of: space, index)
    }

    /// What fills a table or memory at instantiation is needed with it.
    private mutating func segments(of space: CoreIndexSpace, _ index: UInt32) {
        if space == .table {
            for (position, segment) in module.elements.enumerated() {
                if case .active(index, _) = segment.mode { use(.element, UInt32(position)) }
            }
        }
        if space == .memory {
            for (position, segment) in module.data.enumerated() {
                if case .active(index, _) = segment.mode { use(.data, UInt32(position)) }
            }
        }
    }

    private mutating func element(_ segment: CoreElementSegment) throws(BinaryError) {
        if case .active(let table, let offset) = segment.mode {
            use(.table, table)
            try expression(offset)
        }
        switch segment.items {
        case .functions(let indices): for index in indices { use(.function, index) }
        case .expressions(let type, let expressions):
            try externType(.table(CoreTableType(element: type, limits: CoreLimits(minimum: 0))))
            for item in expressions { try expression(item) }
        }
    }

    private mutating func expression(_ expression: ArraySlice<UInt8>) throws(BinaryError) {
        try CoreCode.indices(inExpression: expression) { reference throws(BinaryError) in
            use(reference.space, reference.index)
        }
    }
}

extension CoreIndexSpace {
    /// The sort of the items in it.
    package var sort: CoreSort? {
        switch self {
        case .type: .type
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        case .element, .data: nil
        }
    }
}

extension CoreModuleBinary {
    /// Removes the exports that `isKept` does not pick, and everything that nothing else needs; if `includingSegments`, what fills
    /// tables and memories that others own stays. The `name` section goes with it,
    /// as it would name other things.
    ///
    /// - Throws: a ``BinaryError`` when code cannot be read or an index is past its index space.
    package mutating func removeUnused(
        keepingExports isKept: (String) -> Bool, includingSegments: Bool = false
    ) throws(BinaryError) {
        let reachable = try CoreReachability(self, roots: isKept, includingSegments: includingSegments)
        exports.removeAll { !isKept($0.name) }
        customSections.removeAll { $0.name == CoreNames.section }
        var map: [CoreIndexSpace: [UInt32: UInt32]] = [:]
        func keep<Item>(_ items: [Item], _ space: CoreIndexSpace, from first: Int = 0) -> [Item] {
            var kept: [Item] = []
            for (position, item) in items.enumerated() {
                let index = UInt32(first + position)
                guard reachable.uses(space, index) else { continue }
                map[space, default: [:]][index] = UInt32(map[space]?.count ?? 0)
                kept.append(item)
            }
            return kept
        }
        var typeIndex: UInt32 = 0
        types = types.filter { group in
            let first = typeIndex
            typeIndex += UInt32(group.count)
            guard !group.isEmpty, reachable.uses(.type, first) else { return false }
            for index in first..<typeIndex { map[.type, default: [:]][index] = UInt32(map[.type]?.count ?? 0) }
            return true
        }
        var counts: [CoreIndexSpace: UInt32] = [:]
        imports = imports.filter { item in
            guard let space = item.type.sort.indexSpace else { return false }
            let index = counts[space, default: 0]
            counts[space] = index + 1
            guard reachable.uses(space, index) else { return false }
            map[space, default: [:]][index] = UInt32(map[space]?.count ?? 0)
            return true
        }
        functions = keep(functions, .function, from: Int(counts[.function] ?? 0))
        tables = keep(tables, .table, from: Int(counts[.table] ?? 0))
        memories = keep(memories, .memory, from: Int(counts[.memory] ?? 0))
        globals = keep(globals, .global, from: Int(counts[.global] ?? 0))
        tags = keep(tags, .tag, from: Int(counts[.tag] ?? 0))
        // A declaration is kept for the functions that are left.
        elements = elements.map { $0.mode == .declarative ? $0.keeping { reachable.uses(.function, $0) } : $0 }
        elements = keepElements(reachable, &map)
        data = keep(data, .data)
        if data.isEmpty { countsDataSegments = false }
        try mapIndices { space, index throws(BinaryError) in
            guard let new = map[space]?[index] else {
                throw .malformed("an index is left over when unused parts are removed", at: 0)
            }
            return new
        }
    }

    private func keepElements(
        _ reachable: CoreReachability, _ map: inout [CoreIndexSpace: [UInt32: UInt32]]
    ) -> [CoreElementSegment] {
        var kept: [CoreElementSegment] = []
        for (position, segment) in elements.enumerated() {
            let isNeeded =
                reachable.uses(.element, UInt32(position)) || (segment.mode == .declarative && !segment.isEmpty)
            guard isNeeded else { continue }
            map[.element, default: [:]][UInt32(position)] = UInt32(kept.count)
            kept.append(segment)
        }
        return kept
    }
}

extension CoreElementSegment {
    fileprivate var isEmpty: Bool {
        switch items {
        case .functions(let indices): indices.isEmpty
        case .expressions(_, let expressions): expressions.isEmpty
        }
    }

    /// The segment with the functions that `isKept` picks; of expressions those that name one.
    fileprivate func keeping(_ isKept: (UInt32) -> Bool) -> CoreElementSegment {
        var segment = self
        switch items {
        case .functions(let indices): segment.items = .functions(indices.filter(isKept))
        case .expressions(let type, let expressions):
            segment.items = .expressions(
                type,
                expressions.filter { expression in
                    var isNeeded = true
                    try? CoreCode.indices(inExpression: expression) { reference throws(BinaryError) in
                        if reference.space != .function || !isKept(reference.index) { isNeeded = false }
                    }
                    return isNeeded
                })
        }
        return segment
    }
}
