// SPDX-License-Identifier: Apache-2.0

/// Types that only some worlds need: lengths of lists, tuples of unusual size.
extension WorldEmitter {
    func helpers() -> [SwiftDeclaration] {
        model.fixedLengths.sorted().map(count) + model.tupleSizes.sorted().map(tuple)
    }

    /// What holds for such tuples when it holds for their parts.
    func helperConformances() -> [SwiftDeclaration] {
        model.tupleSizes.sorted().flatMap { size in
            ["Equatable", "Hashable", "Sendable"].map { name in
                SwiftDeclaration(
                    SwiftHead(
                        "extension \(model.name).Tuple\(size): \(model.library(name)) where ",
                        items: (0..<size).map { "T\($0): \(model.library(name))" }),
                    body: .members([]))
            }
        }
    }

    private var access: String { model.options.access.modifier }
    private var inlinable: [String] { model.options.access == .public ? ["@inlinable"] : [] }

    private func count(_ count: Int) -> SwiftDeclaration {
        SwiftDeclaration(
            "\(access)enum Count\(count): \(model.library("FixedCount"))",
            documentation: ["The length of a `list<…, \(count)>`."],
            body: .members([
                SwiftDeclaration(
                    "\(access)static var count: \(model.library("Int"))", attributes: inlinable,
                    body: .statements([.line("\(count)")]))
            ]))
    }

    private func tuple(_ size: Int) -> SwiftDeclaration {
        let emitter = Emitter(model: model, index: 0)
        let name = "Tuple\(size)"
        let letters = (0..<size).map { "T\($0)" }
        func steps(_ step: (Int) -> [SwiftStatement], _ last: [SwiftStatement] = []) -> [SwiftStatement] {
            var body: [SwiftStatement] = []
            for position in 0..<size {
                if position > 0 { body.append(.line("index = \(position)")) }
                body += step(position)
            }
            if size == 1 { return [emitter.within(".index(0)", body + last)] }
            return [.line("var index = 0"), emitter.within(".index(index)", body + last)]
        }
        let make = SwiftStatement.call("return \(name)", (0..<size).map { "v\($0)" })
        func fields(_ position: Int) -> [SwiftStatement] {
            if position == 0 { return [] }
            if position == 1 { return [.line("\(size > 2 ? "var" : "let") fields = T0.abi")] }
            return [.line("fields = fields.adding(T\(position - 1).abi)")]
        }
        func place(_ position: Int) -> String {
            position == 0 ? "offset" : "offset &+ fields.offset(of: T\(position).abi, cx.is64)"
        }
        var members = letters.indices.map {
            SwiftDeclaration(
                "\(access)var v\($0): T\($0)", documentation: ["The value at position \($0)."])
        }
        members.append(
            SwiftDeclaration(
                SwiftHead("\(access)init", letters.indices.map { "_ v\($0): T\($0)" }, ""),
                documentation: ["Makes the tuple."], attributes: inlinable,
                body: .statements(letters.indices.map { .line("self.v\($0) = v\($0)") })))
        members.append(
            SwiftDeclaration(
                "\(access)static var abi: \(model.library("StaticLayout"))",
                attributes: inlinable,
                body: .statements([
                    .group(
                        [.line("T0.abi")]
                            + letters.dropFirst().map { .line("    .adding(\($0).abi)") } + [.line("    .padded")])
                ])))
        members.append(
            SwiftDeclaration(
                "\(access)static var shape: \(model.library("TypeShape"))",
                body: .statements([.broken(".tuple([", letters.map { "\($0).shape" }, "])")])))
        members.append(emitter.lower(steps { [.line("try v\($0).lower(&cx, into: &flat)")] }))
        members.append(emitter.store(steps { fields($0) + [.line("try v\($0).store(&cx, at: \(place($0)))")] }))
        members.append(
            emitter.lift(
                "Self", steps({ [.line("let v\($0) = try T\($0).lift(&cx, from: &flat)")] }, [make])))
        members.append(
            emitter.load(
                "Self", steps({ fields($0) + [.line("let v\($0) = try T\($0).load(&cx, at: \(place($0)))")] }, [make])))
        return SwiftDeclaration(
            SwiftHead(
                "\(access)struct \(name)<", items: letters.map { "\($0): \(model.library("ComponentConvertible"))" },
                suffix: ">: \(model.library("ComponentConvertible"))"),
            documentation: ["Values in a row, as a WIT tuple or as the parameters of a function."],
            body: .members(members))
    }
}
