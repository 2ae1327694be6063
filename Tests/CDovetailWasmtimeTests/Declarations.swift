// SPDX-License-Identifier: Apache-2.0

/// A C type as both descriptions of the interface can say it: without `const`, nullability and the names of parameters.
indirect enum CType: Hashable, Sendable, CustomStringConvertible {
    case void
    case bool
    case integer(bits: Int, signed: Bool)
    case float(bits: Int)
    case pointer(CType)
    case array(CType, count: Int)
    /// A pointer to a function.
    case function(result: CType, parameters: [CType])
    /// A structure or union, by its tag.
    case aggregate(String)
    /// A structure without a name, by its fields.
    case anonymous([Field])

    struct Field: Hashable, Sendable {
        /// Empty for a field without a name.
        let name: String
        let type: CType
    }

    static let size = CType.integer(bits: 64, signed: false)

    /// Names of scalar types of C and, without the prefix `c_`, of ctypes.
    static let scalars: [String: CType] = [
        "void": .void, "bool": .bool, "char": .integer(bits: 8, signed: true), "int": .integer(bits: 32, signed: true),
        "ubyte": .integer(bits: 8, signed: false), "size_t": .size, "ssize_t": .integer(bits: 64, signed: true),
        "ptrdiff_t": .integer(bits: 64, signed: true), "float": .float(bits: 32), "double": .float(bits: 64),
        "int8": .integer(bits: 8, signed: true), "uint8": .integer(bits: 8, signed: false),
        "int16": .integer(bits: 16, signed: true), "uint16": .integer(bits: 16, signed: false),
        "int32": .integer(bits: 32, signed: true), "uint32": .integer(bits: 32, signed: false),
        "int64": .integer(bits: 64, signed: true), "uint64": .integer(bits: 64, signed: false),
        "int8_t": .integer(bits: 8, signed: true), "uint8_t": .integer(bits: 8, signed: false),
        "int16_t": .integer(bits: 16, signed: true), "uint16_t": .integer(bits: 16, signed: false),
        "int32_t": .integer(bits: 32, signed: true), "uint32_t": .integer(bits: 32, signed: false),
        "int64_t": .integer(bits: 64, signed: true), "uint64_t": .integer(bits: 64, signed: false),
    ]

    var description: String {
        switch self {
        case .void: "void"
        case .bool: "bool"
        case .integer(let bits, let signed): "\(signed ? "int" : "uint")\(bits)"
        case .float(let bits): "float\(bits)"
        case .pointer(let pointee): "\(pointee)*"
        case .array(let element, let count): "\(element)[\(count)]"
        case .function(let result, let parameters):
            "\(result)(\(parameters.map(\.description).joined(separator: ", ")))"
        case .aggregate(let tag): tag
        case .anonymous(let fields): "{\(fields.map { "\($0.name): \($0.type)" }.joined(separator: "; "))}"
        }
    }
}

/// What a description of the interface declares.
struct Declarations {
    struct Aggregate: Equatable {
        let isUnion: Bool
        let fields: [CType.Field]
    }

    struct Function: Equatable {
        let result: CType
        let parameters: [CType]
    }

    var aggregates: [String: Aggregate] = [:]
    var aliases: [String: CType] = [:]
    var functions: [String: Function] = [:]
    var constants: [String: Int] = [:]

    /// Size and alignment of a type, and the offsets of a structure's fields, by the rules of the C ABI.
    func layout(of type: CType) -> (size: Int, alignment: Int, offsets: [Int])? {
        switch type {
        case .void: return nil
        case .bool: return (1, 1, [])
        case .integer(let bits, _), .float(let bits): return (bits / 8, bits / 8, [])
        case .pointer, .function: return (8, 8, [])
        case .array(let element, let count):
            guard let element = layout(of: element) else { return nil }
            return (element.size * count, element.alignment, [])
        case .aggregate(let tag):
            guard let aggregate = aggregates[tag] else { return nil }
            return layout(of: aggregate.fields, isUnion: aggregate.isUnion)
        case .anonymous(let fields):
            return layout(of: fields, isUnion: false)
        }
    }

    private func layout(of fields: [CType.Field], isUnion: Bool) -> (size: Int, alignment: Int, offsets: [Int])? {
        var end = 0
        var alignment = 1
        var offsets: [Int] = []
        for field in fields {
            guard let inner = layout(of: field.type) else { return nil }
            let offset = isUnion ? 0 : (end + inner.alignment - 1) / inner.alignment * inner.alignment
            offsets.append(offset)
            end = max(end, offset + inner.size)
            alignment = max(alignment, inner.alignment)
        }
        return ((end + alignment - 1) / alignment * alignment, alignment, offsets)
    }
}

/// A cursor over the tokens of C or Python: names and numbers, or single characters.
struct Tokens {
    private(set) var rest: ArraySlice<String>

    init(_ text: some StringProtocol) {
        var tokens: [String] = []
        var word = ""
        for character in text {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(word) }
            word = ""
            if !character.isWhitespace { tokens.append(String(character)) }
        }
        if !word.isEmpty { tokens.append(word) }
        rest = tokens[...]
    }

    var next: String? { rest.first }

    mutating func take() -> String? { rest.popFirst() }

    /// Takes the token when it is the next one.
    mutating func take(_ token: String) -> Bool {
        guard rest.first == token else { return false }
        rest.removeFirst()
        return true
    }

    mutating func expect(_ token: String) throws {
        guard take(token) else {
            throw LoadFailure(description: "expected `\(token)`, found `\(rest.prefix(8).joined(separator: " "))`")
        }
    }

    mutating func name() throws -> String {
        guard let token = take(), token.first.map({ $0.isLetter || $0 == "_" }) == true else {
            throw LoadFailure(description: "expected a name before `\(rest.prefix(8).joined(separator: " "))`")
        }
        return token
    }
}
