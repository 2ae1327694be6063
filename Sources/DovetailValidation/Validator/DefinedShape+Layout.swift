// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

// Sizes and core types. (CanonicalABI.md, "Element Size", "Flattening")
extension ValueNode {
    func measures(is64: Bool) -> Measures {
        switch self {
        case .primitive(let type): Measures(type, is64: is64)
        case .defined(let node): is64 ? node.wide : node.narrow
        }
    }
}

extension DefinedShape {
    func measures(is64: Bool) -> Measures {
        switch self {
        case .primitive(let type): return Measures(type, is64: is64)
        case .record(let fields): return sequence(fields.map(\.type), is64)
        case .tuple(let elements): return sequence(elements, is64)
        case .list, .map: return Measures(pointersOf64Bits: is64)
        case .fixedLengthList(let element, let count): return element.measures(is64: is64).repeated(Int(count))
        case .flags(let labels): return Measures(scalar: CanonicalLayout.flagsSize(labels.count))
        case .enum(let labels): return Measures(discriminantOf: labels.count)
        case .variant(let cases): return variant(cases.map(\.type), is64)
        case .option(let payload): return variant([nil, payload], is64)
        case .result(let ok, let error): return variant([ok, error], is64)
        case .own, .borrow, .stream, .future: return Measures(scalar: 4)
        }
    }

    private func sequence(_ types: [ValueNode], _ is64: Bool) -> Measures {
        var result = Measures()
        for type in types { result.append(type.measures(is64: is64)) }
        result.pad()
        return result
    }

    private func variant(_ payloads: [ValueNode?], _ is64: Bool) -> Measures {
        var payload = Measures()
        for case let type? in payloads { payload.unite(type.measures(is64: is64)) }
        var result = Measures(discriminantOf: payloads.count)
        result.append(payload)
        result.pad()
        return result
    }
}

extension [ValueNode] {
    /// The core types of values with addresses of type `address`; `nil` when there are more than `limit`.
    func flattened(_ address: CoreValueType, limit: Int) -> [CoreValueType]? {
        var all = Measures()
        for type in self {
            all.append(type.measures(is64: address == .i64))
            guard all.flat.count <= limit else { return nil }
        }
        return all.flat.map(CoreValueType.init)
    }
}

extension CoreValueType {
    init(_ type: FlatType) {
        switch type {
        case .i32: self = .i32
        case .i64: self = .i64
        case .f32: self = .f32
        case .f64: self = .f64
        }
    }
}
