// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension CoreModuleBinary {
    /// The same module with the indices that `map` gives, everywhere they are used: types, imports, code, segments, exports.
    ///
    /// The definitions stay where they are: whoever moves or removes some does so before or after. Names and other custom
    /// sections stay as they are.
    ///
    /// - Throws: a ``BinaryError`` when code cannot be read, or what `map` throws.
    package mutating func mapIndices(_ map: CoreIndexMap) throws(BinaryError) {
        func type(_ index: UInt32) throws(BinaryError) -> UInt32 { try map(.type, index) }
        for group in types.indices {
            for member in types[group].indices {
                types[group][member] = try types[group][member].mapIndices(type)
            }
        }
        for index in imports.indices { imports[index].type = try imports[index].type.mapIndices(type) }
        for index in functions.indices {
            functions[index].type = try type(functions[index].type)
            functions[index].body = try CoreCode.body(functions[index].body, map: map)
        }
        for index in tables.indices {
            tables[index].type.element = try tables[index].type.element.mapIndices(type)
            if let initializer = tables[index].initializer {
                tables[index].initializer = try CoreCode.expression(initializer, map: map)
            }
        }
        for index in tags.indices { tags[index] = try type(tags[index]) }
        for index in globals.indices {
            globals[index].type.type = try globals[index].type.type.mapIndices(type)
            globals[index].initializer = try CoreCode.expression(globals[index].initializer, map: map)
        }
        for index in exports.indices { exports[index].item = try exports[index].item.mapIndices(map) }
        if let function = start { start = try map(.function, function) }
        for index in elements.indices { elements[index] = try elements[index].mapIndices(map) }
        for index in data.indices {
            guard case .active(let memory, let offset) = data[index].mode else { continue }
            data[index].mode = .active(
                memory: try map(.memory, memory), offset: try CoreCode.expression(offset, map: map))
        }
    }
}

extension CoreSortIndex {
    /// The item with another index, when it is of one of a module's own index spaces.
    fileprivate func mapIndices(_ map: CoreIndexMap) throws(BinaryError) -> CoreSortIndex {
        guard let space = sort.indexSpace else { return self }
        return CoreSortIndex(sort: sort, index: try map(space, index))
    }
}

extension CoreSort {
    /// The index space of a core module that has the same things in it.
    package var indexSpace: CoreIndexSpace? {
        switch self {
        case .function: .function
        case .table: .table
        case .memory: .memory
        case .global: .global
        case .tag: .tag
        case .type: .type
        case .module, .instance: nil
        }
    }
}

extension CoreElementSegment {
    fileprivate func mapIndices(_ map: CoreIndexMap) throws(BinaryError) -> CoreElementSegment {
        var segment = self
        if case .active(let table, let offset) = mode {
            segment.mode = .active(table: try map(.table, table), offset: try CoreCode.expression(offset, map: map))
        }
        switch items {
        case .functions(var indices):
            for index in indices.indices { indices[index] = try map(.function, indices[index]) }
            segment.items = .functions(indices)
        case .expressions(let type, var expressions):
            let type = try type.mapIndices { index throws(BinaryError) in try map(.type, index) }
            for index in expressions.indices {
                expressions[index] = try CoreCode.expression(expressions[index], map: map)
            }
            segment.items = .expressions(type, expressions)
        }
        return segment
    }
}
