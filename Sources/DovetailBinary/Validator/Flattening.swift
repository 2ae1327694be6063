// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// The core signatures of component functions. (CanonicalABI.md, "Flattening")
struct Flattening {
    /// The type of addresses: `i32`, or `i64` with a 64-bit memory.
    let pointer: CoreValueType
    static let maximumParameters = 16
    static let maximumAsyncParameters = 4
    static let maximumResults = 1

    /// The core types of `type`; `nil` when there are more than `limit`.
    func flatten(_ types: [ValueNode], limit: Int) -> [CoreValueType]? {
        var flat: [CoreValueType] = []
        for type in types {
            guard append(type, to: &flat, limit: limit) else { return nil }
        }
        return flat
    }

    private func append(_ type: ValueNode, to flat: inout [CoreValueType], limit: Int) -> Bool {
        switch type.shape {
        case .primitive(let primitive):
            switch primitive {
            case .u64, .s64: flat.append(.i64)
            case .f32: flat.append(.f32)
            case .f64: flat.append(.f64)
            case .string: flat += [pointer, pointer]
            default: flat.append(.i32)
            }
        case .record(let fields):
            for field in fields { guard append(field.type, to: &flat, limit: limit) else { return false } }
        case .tuple(let elements):
            for element in elements { guard append(element, to: &flat, limit: limit) else { return false } }
        case .fixedLengthList(let element, let count):
            for _ in 0..<count { guard append(element, to: &flat, limit: limit) else { return false } }
        case .list, .map: flat += [pointer, pointer]
        case .flags, .enum, .own, .borrow, .stream, .future: flat.append(.i32)
        case .variant(let cases): return join(cases.map(\.type), to: &flat, limit: limit)
        case .option(let payload): return join([nil, payload], to: &flat, limit: limit)
        case .result(let ok, let error): return join([ok, error], to: &flat, limit: limit)
        }
        return flat.count <= limit
    }

    private func join(_ payloads: [ValueNode?], to flat: inout [CoreValueType], limit: Int) -> Bool {
        var joined: [CoreValueType] = []
        for case let payload? in payloads {
            var one: [CoreValueType] = []
            guard append(payload, to: &one, limit: limit) else { return false }
            for (position, type) in one.enumerated() {
                if position == joined.count {
                    joined.append(type)
                } else if joined[position] != type {
                    switch (joined[position], type) {
                    case (.i32, .f32), (.f32, .i32): joined[position] = .i32
                    default: joined[position] = .i64
                    }
                }
            }
        }
        flat.append(.i32)
        flat += joined
        return flat.count <= limit
    }
}
