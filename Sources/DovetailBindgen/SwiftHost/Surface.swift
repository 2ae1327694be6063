// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How a type appears as a parameter or result of a function, where conversions are possible.
struct Surface {
    /// How the written value and the codec's differ.
    enum Conversion {
        case none
        /// The codec's value holds the written one.
        case wrapper(SwiftType)
        /// The codec's value is a struct with as many parts as the written tuple.
        case tuple(SwiftType, Int)
    }

    /// The type as it is written.
    var type: SwiftType
    /// What stands in front of it in a parameter.
    var modifiers: [String] = []
    var conversion = Conversion.none

    /// The codec's value out of the written one.
    func lower(_ value: SwiftExpression) -> SwiftExpression {
        switch conversion {
        case .none: value
        case .wrapper(let wrapper): .make(wrapper, [SwiftArgument(value)])
        case .tuple(let type, let count): .make(type, (0..<count).map { SwiftArgument(value.member("\($0)")) })
        }
    }

    /// The written value out of the codec's.
    func lift(_ value: SwiftExpression) -> SwiftExpression {
        switch conversion {
        case .none: value
        case .wrapper: value.member("object")
        case .tuple(_, let count): .tuple((0..<count).map { value.member("v\($0)") })
        }
    }

    /// Whether the conversions mention the value more than once, so that it needs a name.
    var needsName: Bool { if case .tuple = conversion { true } else { false } }
}

extension SwiftHost {
    /// The form of `type` at the top level of a signature: handles are the objects themselves, tuples are Swift's.
    func surface(_ type: ValueType, from scope: Scope, isParameter: Bool) -> Surface {
        let consuming = isParameter ? ["consuming"] : []
        switch model.passing(type, from: scope) {
        case .value: return Surface(type: valueType(of: type, from: scope))
        case .owned(let id, .guest): return Surface(type: resource(id, from: scope), modifiers: consuming)
        case .owned(let id, .host):
            return Surface(
                type: .any(resource(id, from: scope)), modifiers: consuming, conversion: .wrapper(library("HostOwn")))
        case .borrowed(let id, .guest):
            return Surface(type: resource(id, from: scope), conversion: .wrapper(library("GuestBorrow")))
        case .borrowed(let id, .host):
            return Surface(type: .any(resource(id, from: scope)), conversion: .wrapper(library("HostBorrow")))
        case .tuple(let parts):
            return Surface(
                type: .tuple(parts.map { valueType(of: $0, from: scope) }),
                conversion: .tuple(tuple(parts.count), parts.count))
        }
    }
}
