// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// Builds the body of a core function that calls what the author wrote.
struct ExportCall {
    private let writer: GuestScope
    private let steps: CallSteps
    /// The types of the core parameters, which are called `a0`, `a1`, …
    private(set) var coreTypes: [SwiftType] = []
    /// What runs before the call.
    var statements: [SwiftStatement] = []

    init(_ writer: GuestScope, _ steps: CallSteps) {
        self.writer = writer
        self.steps = steps
    }

    private var guest: SwiftGuest { writer.guest }
    private static let area = SwiftExpression.name("area")

    /// The parameters as Swift values.
    mutating func lift(_ types: [ValueType]) -> [SwiftExpression] {
        guard steps.parametersAreIndirect else {
            return types.enumerated().map { lift($1, steps.parameters[$0].core) }
        }
        coreTypes = [guest.pointer]
        let values = types.indices.map { index in
            let place = GuestScope.place(steps.parameters[index].offset, from: "a0")
            statements.append(.let("p\(index)", GuestScope.load(writer.codec(of: types[index]), at: place)))
            return SwiftExpression.name("p\(index)")
        }
        statements.append(.expression(.call(writer.libraryFunction("releaseArguments"), [SwiftArgument(.name("a0"))])))
        return values
    }

    private mutating func lift(_ type: ValueType, _ core: [FlatType]) -> SwiftExpression {
        let codec = writer.codec(of: type)
        let first = coreTypes.count
        coreTypes += core.map { guest.core($0) }
        let names = core.indices.map { SwiftExpression.name("a\(first + $0)") }
        if writer.isCore(type) {
            return SwiftExpression.type(codec).calling("value", [SwiftArgument(names[0])])
        }
        if writer.isSpan(type) {
            return SwiftExpression.type(codec).calling("take", names.map { SwiftArgument($0) })
        }
        let puts = names.enumerated().map { index, name in
            SwiftStatement.expression(
                Self.area.calling("put", [SwiftArgument(name), SwiftArgument("at", .integer(index * 8))]))
        }
        let body: [SwiftStatement] =
            puts + [
                .var("flat", .make(writer.library("FlatReader"), [SwiftArgument(Self.area)])),
                .return(GuestScope.lift(codec)),
            ]
        statements.append(
            .let(
                "p\(first)",
                .call(
                    writer.libraryFunction("withArea"), [SwiftArgument(.integer(max(core.count, 1) * 8))],
                    SwiftClosure(parameters: ["area", "_"], body: body))))
        return .name("p\(first)")
    }

    /// What makes core values of the result.
    struct Ending {
        var type: SwiftType?
        var statements: [SwiftStatement]
        var needsPostReturn = false
    }

    /// What is done with the result `value`; `nil` when it was called already, for no result.
    ///
    /// - Parameter isCore: whether it is one core value, with a codec that says so.
    func lower(_ value: SwiftExpression?, _ type: ValueType?, _ codec: SwiftType, isCore: Bool) -> Ending {
        guard type != nil, let value else {
            return Ending(type: nil, statements: value.map { [.expression($0)] } ?? [])
        }
        if steps.resultIsIndirect {
            // The runtime has room for results that refer to nothing.
            let isStatic = !steps.resultUsesMemory && steps.resultSize <= 256
            let place = SwiftExpression.type(codec).calling(
                isStatic ? "plainResult" : "result", [SwiftArgument(value)])
            return Ending(type: guest.pointer, statements: [.return(place)], needsPostReturn: !isStatic)
        }
        let core = steps.result.first.map { guest.core($0) }
        if isCore {
            let value = SwiftExpression.type(codec).calling("core", [SwiftArgument(value)])
            return Ending(type: core, statements: [.return(value)])
        }
        let metatype = SwiftArgument(.metatype(core ?? writer.library("Int32")))
        let body: [SwiftStatement] = [
            .var("flat", .make(writer.library("FlatWriter"), [SwiftArgument(Self.area)])),
            GuestScope.lower(codec, value),
            .return(Self.area.calling("core", [SwiftArgument(.integer(0)), metatype])),
        ]
        let area = SwiftExpression.call(
            writer.libraryFunction("withArea"), [SwiftArgument(.integer(8))],
            SwiftClosure(parameters: ["area", "arena"], body: body))
        return Ending(type: core, statements: [.return(area)])
    }
}

extension GuestScope {
    /// Whether values of the type are a pointer and a length, with a codec that takes them as they are.
    func isSpan(_ type: ValueType) -> Bool {
        switch model.facts.dealiased(type) {
        case .string: true
        case .defined(let id): if case .list = graph.types[id].kind { true } else { false }
        default: false
        }
    }
}
