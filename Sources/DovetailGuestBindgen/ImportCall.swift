// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// Builds a call of a core function that takes values: an import, or `task.return`.
///
/// Single core values are computed in place. Strings and lists of numbers are lent, each by a closure around the call. All else
/// is lowered into an area on the stack, eight bytes for each core value, which the call reads them from; what they refer to is
/// in an arena. The result's memory is behind them in the area.
///
/// A call that may take longer than the function that begins it (``finishAsync(_:result:parent:ending:nothing:)``) lends nothing,
/// and has the area in the arena.
struct ImportCall {
    private let writer: GuestScope
    private let steps: CallSteps
    private let isAsync: Bool
    /// The types of the core parameters, without that for the result.
    private(set) var coreTypes: [SwiftType] = []
    private var arguments: [SwiftExpression] = []
    /// What runs before the call.
    private var statements: [SwiftStatement] = []
    /// The closures around the call, the outermost first.
    private var lends: [(codec: SwiftType, value: SwiftExpression, names: [String])] = []
    /// What takes handles back that the callee did not get.
    private var returns: [SwiftStatement] = []
    private var areaSize = 0
    private var names: NameScope

    init(_ writer: GuestScope, _ steps: CallSteps, reserved: Set<String> = [], isAsync: Bool = false) {
        self.writer = writer
        self.steps = steps
        self.isAsync = isAsync
        names = NameScope(reserved: reserved.union(SwiftGuest.locals))
    }

    private var guest: SwiftGuest { writer.guest }
    private static let area = SwiftExpression.name("area")

    /// Makes core values of all parameters of a function, of which the Swift form is `form`.
    mutating func lowerParameters(of form: SwiftFunctionForm) {
        var values = form.parameters.map { SwiftExpression.name(SwiftNames.escaped($0.name)) }
        if form.signature.isMethod { values.insert(.this, at: 0) }
        lower(values, form.signature.definition.parameters.map(\.type))
    }

    /// Makes core values of all values.
    mutating func lower(_ values: [SwiftExpression], _ types: [ValueType]) {
        if steps.parametersAreIndirect {
            coreTypes = [guest.pointer]
            arguments = [Self.area]
            for (index, value) in values.enumerated() {
                let codec = writer.codec(of: types[index])
                let place = GuestScope.place(steps.parameters[index].offset, from: "area")
                statements.append(GuestScope.store(codec, value, at: place))
                if isReturned(types[index]) { returns.append(.discard(GuestScope.load(codec, at: place))) }
            }
            areaSize = (steps.parametersSize + 7) & ~7
            return
        }
        for (index, value) in values.enumerated() { lower(value, types[index], steps.parameters[index].core) }
    }

    /// Whether an argument has to be taken back when the callee does not get it.
    private func isReturned(_ type: ValueType) -> Bool {
        isAsync && (writer.model.facts.ownsHandles(type) || writer.model.facts.holdsStreams(type))
    }

    private mutating func lower(_ value: SwiftExpression, _ type: ValueType, _ core: [FlatType]) {
        let codec = writer.codec(of: type)
        coreTypes += core.map { guest.core($0) }
        if writer.isCore(type), !isReturned(type) {
            arguments.append(SwiftExpression.type(codec).calling("core", [SwiftArgument(value)]))
        } else if writer.isLendable(type), !isAsync {
            let lent = ["Pointer", "Count"].map { names.claim(plain(value) + $0) }
            lends.append((codec, value, lent))
            arguments += lent.map { .name($0) }
        } else {
            if isReturned(type) {
                let reader = SwiftExpression.make(
                    writer.library("FlatReader"), [SwiftArgument(GuestScope.place(areaSize, from: "area"))])
                let name = names.claim("returned")
                returns += [
                    .var(name, reader),
                    .discard(SwiftExpression.type(codec).calling("lift", [SwiftArgument(.inout(.name(name)))])),
                ]
            }
            if areaSize == 0 {
                statements.append(
                    .var("flat", .make(writer.library("FlatWriter"), [SwiftArgument(Self.area)])))
            }
            statements.append(GuestScope.lower(codec, value))
            for type in core {
                arguments.append(
                    Self.area.calling(
                        "core", [SwiftArgument(.integer(areaSize)), SwiftArgument(.metatype(guest.core(type)))]))
                areaSize += 8
            }
        }
    }

    private func plain(_ value: SwiftExpression) -> String { value.text.filter { $0 != "`" } }

    /// The statements of the whole call; the last one returns the value, if there is one.
    ///
    /// - Parameters:
    ///   - codec: that of the result, `nil` when nothing is wanted of it.
    ///   - isCore: whether the result is one core value, with a codec that says so.
    ///   - parent: the object that handles in the result may depend on.
    mutating func finish(
        _ function: SwiftExpression, result codec: SwiftType?, isCore: Bool, parent: SwiftExpression?
    ) -> [SwiftStatement] {
        var inner = statements
        let resultPlace = GuestScope.place(areaSize, from: "area")
        if steps.resultIsIndirect {
            arguments.append(resultPlace)
            areaSize += (max(steps.resultSize, 1) + 7) & ~7
        }
        let call = SwiftExpression.call(function, arguments.map { SwiftArgument($0) })
        if let codec {
            if steps.resultIsIndirect {
                inner.append(.expression(call))
                inner.append(.return(read("load", codec, resultPlace, parent)))
            } else if isCore {
                inner.append(.return(read("value", codec, call, parent)))
            } else {
                // One core value of something that is more than a number.
                inner.append(
                    .expression(
                        Self.area.calling("put", [SwiftArgument(call), SwiftArgument("at", .integer(areaSize))])))
                inner.append(.var("result", .make(writer.library("FlatReader"), [SwiftArgument(resultPlace)])))
                inner.append(
                    .return(
                        SwiftExpression.type(codec).calling("lift", [SwiftArgument(.inout(.name("result")))])))
                areaSize += 8
            }
        } else {
            inner.append(.expression(call))
        }
        let returns = codec != nil
        for lend in lends.reversed() {
            let call = SwiftExpression.call(
                SwiftExpression.type(lend.codec).member("lend"), [SwiftArgument(lend.value)],
                SwiftClosure(parameters: lend.names, body: inner))
            inner = [returns ? .return(call) : .expression(call)]
        }
        guard areaSize > 0 else { return inner }
        let usesArena = !statements.isEmpty
        let call2 = SwiftExpression.call(
            writer.libraryFunction("withArea"), [SwiftArgument(.integer(areaSize))],
            SwiftClosure(parameters: ["area", usesArena ? "arena" : "_"], body: inner))
        return [returns ? .return(call2) : .expression(call2)]
    }

    /// The statements of a call that is lowered asynchronously.
    ///
    /// - Parameters:
    ///   - codec: that of the result, `nil` for none.
    ///   - parent: the object that handles in the result may depend on.
    ///   - ending: what is done when it has returned; `result` is the result.
    ///   - nothing: what is returned when it was cancelled; `nil` when it cannot be.
    mutating func finishAsync(
        _ function: SwiftExpression, result codec: SwiftType?, parent: SwiftExpression?, ending: [SwiftStatement],
        nothing: SwiftExpression?
    ) -> [SwiftStatement] {
        let resultPlace = GuestScope.place(areaSize, from: "area")
        if steps.resultIsIndirect {
            arguments.append(resultPlace)
            areaSize += (max(steps.resultSize, 1) + 7) & ~7
        }
        var all: [SwiftStatement] = []
        let hasArea = areaSize > 0
        if hasArea {
            let take = SwiftExpression.name("arena").calling(
                "take", [SwiftArgument(.integer(areaSize)), SwiftArgument(.integer(8))])
            all = [.var("arena", .make(writer.library("Arena"), [])), .let("area", take)] + statements
            all.append(.expression(SwiftExpression.name("arena").calling("detach")))
        }
        let release: [SwiftStatement] =
            hasArea
            ? [
                .expression(
                    SwiftExpression.type(writer.library("Arena")).calling("release", [SwiftArgument(Self.area)]))
            ]
            : []
        let status = SwiftExpression.call(function, arguments.map { SwiftArgument($0) })
        let end = writer.libraryFunction(nothing == nil ? "finishCall" : "finishCancellableCall")
        let wait = SwiftExpression.await(.call(end, [SwiftArgument(status)]))
        let value = codec.map { [SwiftStatement.let("result", read("load", $0, resultPlace, parent))] } ?? []
        guard let nothing else { return all + [.expression(wait)] + value + release + ending }
        var cases = [SwiftCase(.integer(2), value + release + ending)]
        if !returns.isEmpty {
            let take = SwiftExpression.call(writer.libraryFunction("takeBack"), [], SwiftClosure(body: returns))
            cases.append(SwiftCase(.integer(3), [.expression(take)] + release + [.return(nothing)]))
        }
        return all + [.switch(wait, cases + [SwiftCase(.default, release + [.return(nothing)])])]
    }

    private func read(
        _ function: String, _ codec: SwiftType, _ source: SwiftExpression, _ parent: SwiftExpression?
    ) -> SwiftExpression {
        guard let parent else { return SwiftExpression.type(codec).calling(function, [SwiftArgument(source)]) }
        return SwiftExpression.type(writer.library("ResourceParent")).calling(
            function, [SwiftArgument(parent), SwiftArgument(source), SwiftArgument(.metatype(codec))])
    }
}

extension GuestScope {
    /// A function of ours, with its module so that no function of the world hides it.
    func libraryFunction(_ name: String) -> SwiftExpression { .name("DovetailGuest.\(name)") }
}
