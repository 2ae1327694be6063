// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

extension WorldModel {
    /// A text that two types have in common if, and only if, they are one in the component, whatever names they go by.
    package func identity(of type: ValueType?, from scope: Scope) -> String {
        guard let type else { return "nothing" }
        guard case .defined(let id) = type else { return "\(type)" }
        let definition = graph.types[id]
        func part(_ type: ValueType?) -> String { identity(of: type, from: scope) }
        switch definition.kind {
        case .alias(let target):
            return identity(of: target, from: place(of: id, from: scope).map { self.scope($0) } ?? scope)
        case .record, .variant, .enum, .flags, .resource:
            let place = place(of: id, from: scope) ?? scope.index
            return "\(twin(of: id, in: place) ?? place)#\(definition.name ?? "")"
        case .own(let resource): return "own " + identity(of: .defined(resource), from: scope)
        case .borrow(let resource): return "borrow " + identity(of: .defined(resource), from: scope)
        case .list(let element): return "list(\(part(element)))"
        case .fixedLengthList(let element, let count): return "list(\(part(element)), \(count))"
        case .map(let key, let value): return "map(\(part(key)), \(part(value)))"
        case .option(let wrapped): return "option(\(part(wrapped)))"
        case .result(let ok, let error): return "result(\(part(ok)), \(part(error)))"
        case .tuple(let parts): return "tuple(\(parts.map(part).joined(separator: ", ")))"
        case .stream(let element): return "stream(\(part(element)))"
        case .future(let element): return "future(\(part(element)))"
        }
    }
}
