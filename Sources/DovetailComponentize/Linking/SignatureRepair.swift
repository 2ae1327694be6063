// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

/// Gives functions in the tables of a native extension of CPython the signatures that they are called with.
///
/// Extensions in C declare methods without arguments, getters and setters with fewer parameters than CPython passes. A native CPU
/// does not mind; in WebAssembly, where `call_indirect` compares types, the call traps. The zero-terminated arrays of `PyMethodDef`
/// and `PyGetSetDef` in the data of the library are found by the relocations that fill them; an entry whose function has another
/// type is aimed at a function that takes what CPython passes, and calls the first one.
///
/// `PyType_Slot` arrays stay as they are: nothing tells them from those of module slots.
package enum SignatureRepair {
    /// An entry whose function had another signature.
    package struct Repair: Hashable, Sendable {
        /// What the entry is for.
        package enum Kind: String, Hashable, Sendable { case method, getter, setter }

        /// What the entry is for.
        package var kind: Kind
        /// The name of the method or attribute.
        package var name: String
        /// How many parameters the function has.
        package var found: Int
        /// How many are passed.
        package var expected: Int
    }

    /// `library` with the signatures mended, and what was mended; the library as it is when nothing had to be.
    ///
    /// - Throws: a ``ComponentizeError`` when the library cannot be read.
    package static func repaired(
        _ library: [UInt8]
    ) throws(ComponentizeError) -> (bytes: [UInt8], repairs: [Repair]) {
        do throws(BinaryError) {
            let module = try CoreModuleBinary.decode(library)
            guard let section = try DynamicLinkingSection(module), let data = try RelocatedData(module) else {
                return (library, [])
            }
            var pass = SignatureRepairPass(module: module, section: section, data: data)
            pass.run()
            return pass.repairs.isEmpty ? (library, []) : (pass.patched().encoded(), pass.repairs)
        } catch {
            throw .binary(error)
        }
    }
}

/// The search through one library.
private struct SignatureRepairPass {
    private var module: CoreModuleBinary
    private var section: DynamicLinkingSection
    private let data: RelocatedData
    private var types: CoreFunctionTypes
    /// The type indices of all functions, imports first.
    private var functionTypes: [UInt32]
    /// The functions of the element segment.
    private var elements: [UInt32]
    /// The constants to write in place of others, by where they stand in the relocating function.
    private var constants: [(range: Range<Int>, value: UInt32)] = []
    private var changed: Set<Int> = []
    private var replacements: [Replacement: UInt32] = [:]
    private(set) var repairs: [SignatureRepair.Repair] = []

    private struct Replacement: Hashable {
        var function: UInt32
        var type: CoreFunctionType
    }

    init(module: CoreModuleBinary, section: DynamicLinkingSection, data: RelocatedData) {
        self.module = module
        self.section = section
        self.data = data
        types = CoreFunctionTypes(module)
        functionTypes = module.imports.compactMap { if case .function(let type, _) = $0.type { type } else { nil } }
        functionTypes += module.functions.map(\.type)
        elements = data.elements
    }

    mutating func run() {
        for table in tables(size: 16, isEntry: isMethod) {
            for entry in table { method(entry) }
        }
        for table in tables(size: 20, isEntry: isAttribute) {
            for entry in table {
                let name = name(at: entry)
                check(entry + 4, Self.type(parameters: 2), .getter, name)
                check(entry + 8, Self.type(parameters: 3), .setter, name)
            }
        }
    }

    // MARK: - Tables

    /// The arrays of structures of `size` bytes that end in one of zeros.
    private func tables(size: UInt32, isEntry: (UInt32) -> Bool) -> [[UInt32]] {
        var found: [[UInt32]] = []
        var seen: Set<UInt32> = []
        for start in data.places where !seen.contains(start) && isEntry(start) {
            var table: [UInt32] = []
            var place = start
            while isEntry(place) {
                table.append(place)
                seen.insert(place)
                guard place < .max - 2 * size else { break }
                place += size
            }
            if stride(from: place, to: place + size, by: 4).allSatisfy(data.isNull) { found.append(table) }
        }
        return found
    }

    /// Whether a `PyMethodDef` is there: a name, a function, flags, a documentation or none.
    private func isMethod(_ place: UInt32) -> Bool {
        isName(place) && isFunction(place + 4) && methodType(at: place) != nil
            && (data.isNull(place + 12) || data.target(place + 12).isMemory)
    }

    /// Whether a `PyGetSetDef` is there: a name, a getter and a setter or one of them, a documentation or none.
    private func isAttribute(_ place: UInt32) -> Bool {
        isName(place) && (isFunction(place + 4) || isFunction(place + 8))
            && (isFunction(place + 4) || data.isNull(place + 4)) && (isFunction(place + 8) || data.isNull(place + 8))
            && (data.isNull(place + 12) || data.target(place + 12).isMemory)
    }

    private func isFunction(_ place: UInt32) -> Bool {
        switch data.target(place) {
        case .element, .other: true
        case .memory, .none: false
        }
    }

    /// Whether the address of an identifier is there.
    private func isName(_ place: UInt32) -> Bool { !name(at: place).isEmpty }

    private func name(at place: UInt32) -> String {
        guard place <= .max - 20, case .memory(let address) = data.target(place) else { return "" }
        let text = data.text(at: address, limit: 200) ?? ""
        let isIdentifier = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x5f
        }
        return isIdentifier && text.utf8.first.map { !(0x30...0x39).contains($0) } == true ? text : ""
    }

    // MARK: - Signatures

    private static func type(parameters: Int) -> CoreFunctionType {
        CoreFunctionType(parameters: Array(repeating: .i32, count: parameters), results: [.i32])
    }

    /// The signature that the flags of a `PyMethodDef` ask for.
    private func methodType(at place: UInt32) -> CoreFunctionType? {
        guard data.target(place + 8) == .none, let flags = data.word(at: place + 8) else { return nil }
        // Those of class methods, static methods and methods that replace slots change nothing.
        switch flags & ~0x70 {
        case 0x001, 0x004, 0x008: return Self.type(parameters: 2)  // METH_VARARGS, METH_NOARGS, METH_O
        case 0x003, 0x080: return Self.type(parameters: 3)  // METH_VARARGS | METH_KEYWORDS, METH_FASTCALL
        case 0x082: return Self.type(parameters: 4)  // METH_FASTCALL | METH_KEYWORDS
        case 0x282: return Self.type(parameters: 5)  // METH_METHOD | METH_FASTCALL | METH_KEYWORDS
        default: return nil
        }
    }

    private mutating func method(_ place: UInt32) {
        if let type = methodType(at: place) { check(place + 4, type, .method, name(at: place)) }
    }

    private mutating func check(
        _ place: UInt32, _ expected: CoreFunctionType, _ kind: SignatureRepair.Repair.Kind, _ name: String
    ) {
        guard case .element(let element, let constant?) = data.target(place), Int(element) < elements.count else {
            return
        }
        let function = elements[Int(element)]
        guard Int(function) < functionTypes.count,
            case .function(let found)? = module.subtype(functionTypes[Int(function)])?.composite, found != expected,
            (found.parameters + found.results).allSatisfy({ $0 == .i32 }), found.results.count <= 1
        else { return }
        // A place that could be in two tables is mended for the first.
        guard changed.insert(constant.lowerBound).inserted else { return }
        constants.append((constant, replacement(of: function, found, expected)))
        repairs.append(
            SignatureRepair.Repair(
                kind: kind, name: name, found: found.parameters.count, expected: expected.parameters.count))
    }

    /// The element of a function that calls `function`, whose type is `found`, and itself has the type `expected`.
    private mutating func replacement(
        of function: UInt32, _ found: CoreFunctionType, _ expected: CoreFunctionType
    ) -> UInt32 {
        let key = Replacement(function: function, type: expected)
        if let known = replacements[key] { return known }
        var code = CoreCodeBuilder()
        code.localsGet(min(found.parameters.count, expected.parameters.count))
        for _ in expected.parameters.count..<max(found.parameters.count, expected.parameters.count) { code.i32(0) }
        code.call(function)
        if found.results.isEmpty { code.i32(0) }
        let type = types.index(of: expected, in: &module)
        module.functions.append(CoreFunctionDefinition(type: type, body: code.finished()))
        elements.append(UInt32(functionTypes.count))
        functionTypes.append(type)
        replacements[key] = UInt32(elements.count - 1)
        return UInt32(elements.count - 1)
    }

    // MARK: - The result

    /// The module with the functions added and the relocations changed.
    func patched() -> CoreModuleBinary {
        var module = module
        let function = data.relocatingFunction
        let body = Array(module.functions[function].body)
        var changed: [UInt8] = []
        var position = 0
        for (range, value) in constants.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            changed += body[position..<range.lowerBound]
            changed += CoreCodeBuilder.expression { $0.i32(Int32(bitPattern: value)) }.dropLast()
            position = range.upperBound
        }
        changed += body[position...]
        module.functions[function].body = changed[...]
        module.elements[data.elementSegment].items = .functions(elements)
        for (index, item) in module.imports.enumerated() {
            guard case .table(var table) = item.type, item.name == SharedLibrary.table else { continue }
            table.limits.minimum = max(table.limits.minimum, UInt64(elements.count))
            module.imports[index].type = .table(table)
        }
        var section = section
        section.memory.tableSize = UInt32(elements.count)
        if let place = module.customSections.firstIndex(where: { $0.name == DynamicLinkingSection.name }) {
            module.customSections[place] = section.encoded()
        }
        return module
    }
}
