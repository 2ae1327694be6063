// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// Variants: enums with payloads.
extension Emitter {
    func variant(
        _ id: TypeID, _ name: String, _ cases: [Case], _ documentation: [String]
    ) throws -> SwiftDeclaration {
        let layout = try layout(id, name)
        guard case .variant(let places) = layout.kind, places.count == cases.count else {
            throw BindgenError.notRepresentable(name, "expected a variant")
        }
        var scope = NameScope()
        let names = cases.map { SwiftNames.escaped(scope.claim(Self.caseName($0.name))) }
        let types = cases.map { $0.type.map { type($0) } }
        let payloads = cases.indices.filter { types[$0] != nil }
        var members = cases.indices.map { position in
            SwiftDeclaration(
                "case \(names[position])" + (types[position].map { "(\($0))" } ?? ""),
                documentation: Self.lines(cases[position].documentation))
        }
        members.append(abi(id, layout))
        let shapes = cases.indices.map { position in
            "\(library("CaseShape"))(\(Self.literal(cases[position].name))"
                + (types[position].map { ", \(Self.callable($0)).shape" } ?? "") + ")"
        }
        members.append(
            SwiftDeclaration(
                "\(access)static var shape: \(library("TypeShape"))",
                body: .statements([.broken(".variant([", shapes, "])")])))
        members.append(discriminant(names))
        if !payloads.isEmpty {
            var labels = labelList("caseLabels", cases.map(\.name))
            if model.options.access == .public {
                labels.head = SwiftHead("static var caseLabels: [\(library("String"))]")
                labels.attributes = ["@usableFromInline"]
            } else {
                labels.head = SwiftHead("private static var caseLabels: [\(library("String"))]")
            }
            members.append(labels)
        }
        members += [
            lower(lowering(names, types, places, layout)), store(storing(names, types, places)),
            lift(name, lifting(names, types, places, layout)), load(name, loading(names, types, places)),
        ]
        return SwiftDeclaration(
            "\(access)enum \(name): \(conformances(id))", documentation: documentation, body: .members(members))
    }

    private func discriminant(_ names: [String]) -> SwiftDeclaration {
        let prefix = model.options.access == .public ? "" : "private "
        let body = SwiftStatement.block(
            SwiftHead("switch self"), names.enumerated().map { .label("case .\($1): \($0)", []) }, [])
        return SwiftDeclaration(
            "\(prefix)var discriminant: \(library("Int"))",
            attributes: model.options.access == .public ? ["@usableFromInline"] : [],
            body: .statements([body]))
    }

    /// A `switch` over the cases that have a payload.
    private func overPayloads(
        _ names: [String], _ types: [String?], rest: [SwiftStatement], _ body: (Int) -> [SwiftStatement]
    ) -> SwiftStatement {
        var statements: [SwiftStatement] = []
        for position in names.indices where types[position] != nil {
            statements.append(.label("case .\(names[position])(let payload):", body(position)))
        }
        if types.contains(where: { $0 == nil }) { statements.append(.label("default:", rest)) }
        return .block(SwiftHead("switch self"), statements, [])
    }

    private func path(_ index: String) -> String { ".case(Self.caseLabels[\(index)])" }

    private func lowering(
        _ names: [String], _ types: [String?], _ places: ValueLayout.Cases, _ layout: ValueLayout
    ) -> [SwiftStatement] {
        let total = layout.flatCount - 1
        func zeros(_ used: Int) -> [SwiftStatement] {
            total > used ? [.line("flat.zeros(\(total - used))")] : []
        }
        let write = SwiftStatement.line("flat.write(\(library("UInt32"))(discriminant))")
        guard types.contains(where: { $0 != nil }) else { return [write] }
        let rest = zeros(0)
        return [
            write,
            within(
                path("discriminant"),
                [
                    overPayloads(names, types, rest: rest.isEmpty ? [.line("break")] : rest) { position in
                        [.line("try payload.lower(&cx, into: &flat)")]
                            + zeros(places.payloads[position]?.flatCount ?? 0)
                    }
                ]),
        ]
    }

    private func storing(_ names: [String], _ types: [String?], _ places: ValueLayout.Cases) -> [SwiftStatement] {
        let write = SwiftStatement.line("cx.storeDiscriminant(discriminant, at: offset, count: \(names.count))")
        guard types.contains(where: { $0 != nil }) else { return [write] }
        let place = Self.place(places.payloadOffset(false), places.payloadOffset(true))
        return [
            write,
            within(
                path("discriminant"),
                [
                    overPayloads(names, types, rest: [.line("break")]) { _ in
                        [.line("try payload.store(&cx, at: \(place))")]
                    }
                ]),
        ]
    }

    private func lifting(
        _ names: [String], _ types: [String?], _ places: ValueLayout.Cases, _ layout: ValueLayout
    ) -> [SwiftStatement] {
        let total = layout.flatCount - 1
        let index = SwiftStatement.line("let index = try cx.checkDiscriminant(flat.nextU32(), count: \(names.count))")
        let body = byIndex(names, types) { position in
            let used = places.payloads[position]?.flatCount ?? 0
            let skip: [SwiftStatement] = total > used ? [.line("flat.skip(\(total - used))")] : []
            guard let type = types[position] else { return skip + [.line("return .\(names[position])")] }
            if skip.isEmpty {
                return [.line("return .\(names[position])(try \(Self.callable(type)).lift(&cx, from: &flat))")]
            }
            return [.line("let payload = try \(Self.callable(type)).lift(&cx, from: &flat)")] + skip
                + [.line("return .\(names[position])(payload)")]
        }
        return [index] + (types.contains { $0 != nil } ? [within(path("index"), [body])] : [body])
    }

    private func loading(_ names: [String], _ types: [String?], _ places: ValueLayout.Cases) -> [SwiftStatement] {
        let index = SwiftStatement.line("let index = try cx.loadDiscriminant(offset, count: \(names.count))")
        let place = Self.place(places.payloadOffset(false), places.payloadOffset(true))
        let body = byIndex(names, types) { position in
            guard let type = types[position] else { return [.line("return .\(names[position])")] }
            return [.line("return .\(names[position])(try \(Self.callable(type)).load(&cx, at: \(place)))")]
        }
        return [index] + (types.contains { $0 != nil } ? [within(path("index"), [body])] : [body])
    }

    private func byIndex(
        _ names: [String], _ types: [String?], _ body: (Int) -> [SwiftStatement]
    ) -> SwiftStatement {
        if names.count == 1 { return .group([.line("_ = index")] + body(0)) }
        return .block(
            SwiftHead("switch index"),
            names.indices.map { position in
                .label(position == names.count - 1 ? "default:" : "case \(position):", body(position))
            }, [])
    }
}
