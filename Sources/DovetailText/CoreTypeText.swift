// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary

/// The text of core types. (WebAssembly 3.0, "Text Format", "Types")
struct CoreTypeText {
    /// The identifiers of the types that are referred to by index.
    var types = Identifiers()
    /// The identifiers of fields, by the index of their type.
    var fields: [UInt32: Identifiers] = [:]

    func value(_ type: CoreValueType) -> String {
        switch type {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .reference(let type): reference(type)
        }
    }

    func reference(_ type: CoreReferenceType) -> String {
        if type.isNullable, case .abstract(let heap, false) = type.heapType { return heap.reference }
        return "(ref \(type.isNullable ? "null " : "")\(heap(type.heapType)))"
    }

    func heap(_ type: CoreHeapType) -> String {
        switch type {
        case .concrete(let index): types.reference(index)
        case .exact(let index): "(exact \(types.reference(index)))"
        case .abstract(let heap, let isShared): isShared ? "(shared \(heap.word))" : heap.word
        }
    }

    /// ` (param …) (result …)`; `names` are those of the parameters.
    func signature(_ type: CoreFunctionType, names: Identifiers = Identifiers(), _ writer: inout TextWriter) {
        list("param", type.parameters, from: 0, names, &writer)
        list("result", type.results, from: 0, Identifiers(), &writer)
    }

    /// ` (keyword type type)`, those with names one by one.
    func list(
        _ keyword: String, _ types: [CoreValueType], from first: UInt32, _ names: Identifiers,
        _ writer: inout TextWriter
    ) {
        var isOpen = false
        for (index, type) in zip(first..., types) {
            if isOpen, names.identifier(index) != nil {
                writer.put(")")
                isOpen = false
            }
            if names.identifier(index) != nil {
                writer.put(writer.endsWithSpace ? "(" : " (")
                writer.put(keyword)
                names.declare(index, &writer)
                writer.put(" ")
                writer.put(value(type))
                writer.put(")")
                continue
            }
            if !isOpen {
                writer.put(writer.endsWithSpace ? "(" : " (")
                writer.put(keyword)
            }
            isOpen = true
            writer.put(" ")
            writer.put(value(type))
        }
        if isOpen { writer.put(")") }
    }

    func field(_ field: CoreFieldType) -> String {
        let storage =
            switch field.storage {
            case .i8: "i8"
            case .i16: "i16"
            case .value(let type): value(type)
            }
        return field.isMutable ? "(mut \(storage))" : storage
    }

    func table(_ type: CoreTableType) -> String { "\(limits(type.limits)) \(reference(type.element))" }

    func memory(_ type: CoreMemoryType) -> String {
        let page = type.pageSizeLog2.map { " (pagesize 0x\(String(UInt64(1) << UInt64(min($0, 63)), radix: 16)))" }
        return limits(type.limits) + (page ?? "")
    }

    func global(_ type: CoreGlobalType) -> String {
        let value = value(type.type)
        if type.isShared { return type.isMutable ? "(shared mut \(value))" : "(shared \(value))" }
        return type.isMutable ? "(mut \(value))" : value
    }

    private func limits(_ limits: CoreLimits) -> String {
        var text = limits.is64 ? "i64 " : ""
        text += String(limits.minimum)
        if let maximum = limits.maximum { text += " \(maximum)" }
        return limits.isShared ? text + " shared" : text
    }

    /// `(type … (…))` of the subtype that has the index `index`, on a line of its own.
    func definition(_ subtype: CoreSubtype, _ index: UInt32, keyword: String, _ writer: inout TextWriter) {
        writer.openLine(keyword)
        types.declare(index, &writer)
        writer.comment(index: Int(index))
        writer.put(" ")
        let isSub = !subtype.isFinal || !subtype.supertypes.isEmpty
        if isSub {
            writer.put(subtype.isFinal ? "(sub final " : "(sub ")
            for index in subtype.supertypes { writer.put("\(types.reference(index)) ") }
        }
        if subtype.isShared { writer.put("(shared ") }
        if let other = subtype.describes { writer.put("(describes \(types.reference(other))) ") }
        if let other = subtype.descriptor { writer.put("(descriptor \(types.reference(other))) ") }
        composite(subtype.composite, fields[index] ?? Identifiers(), &writer)
        if subtype.isShared { writer.put(")") }
        if isSub { writer.put(")") }
        writer.close()
    }

    private func composite(_ type: CoreCompositeType, _ names: Identifiers, _ writer: inout TextWriter) {
        switch type {
        case .function(let type):
            writer.put("(func")
            signature(type, &writer)
        case .structure(let fields):
            writer.put("(struct")
            for (index, field) in zip(UInt32(0)..., fields) {
                writer.put(" (field")
                names.declare(index, &writer)
                writer.put(" \(self.field(field)))")
            }
        case .array(let element): writer.put("(array \(field(element))")
        case .continuation(let index): writer.put("(cont \(types.reference(index))")
        }
        writer.put(")")
    }
}

extension CoreAbstractHeapType {
    /// The name of the nullable reference to it.
    var reference: String {
        switch self {
        case .noexn: "nullexnref"
        case .nofunc: "nullfuncref"
        case .noextern: "nullexternref"
        case .none: "nullref"
        case .nocontinuation: "nullcontref"
        default: word + "ref"
        }
    }
}
