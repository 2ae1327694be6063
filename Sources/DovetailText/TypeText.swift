// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary
internal import DovetailTypes

/// The text of component types. (Explainer.md, "Type Definitions")
struct TypeText {
    /// The identifiers of the types that are referred to by index.
    let types: Identifiers

    func value(_ type: ValueTypeReference) -> String {
        switch type {
        case .primitive(let type): type.primitiveName ?? ""
        case .index(let index): types.reference(index)
        }
    }

    func defined(_ type: DefinedValueType) -> String {
        switch type {
        case .primitive(let type): type.primitiveName ?? ""
        case .record(let fields): "(record\(fields.map { " (field \(quoted($0.label)) \(value($0.type)))" }.joined()))"
        case .variant(let cases): "(variant\(cases.map(self.case).joined()))"
        case .list(let element): "(list \(value(element)))"
        case .fixedLengthList(let element, let count): "(list \(value(element)) \(count))"
        case .tuple(let types): "(tuple\(types.map { " " + value($0) }.joined()))"
        case .flags(let labels): "(flags\(labels.map { " " + quoted($0) }.joined()))"
        case .enum(let labels): "(enum\(labels.map { " " + quoted($0) }.joined()))"
        case .option(let type): "(option \(value(type)))"
        case .result(let ok, let error):
            "(result\(ok.map { " " + value($0) } ?? "")\(error.map { " (error \(value($0)))" } ?? ""))"
        case .own(let type): "(own \(types.reference(type)))"
        case .borrow(let type): "(borrow \(types.reference(type)))"
        case .stream(let type): "(stream\(type.map { " " + value($0) } ?? ""))"
        case .future(let type): "(future\(type.map { " " + value($0) } ?? ""))"
        case .map(let key, let element): "(map \(value(key)) \(value(element)))"
        }
    }

    private func `case`(_ item: VariantCase) -> String {
        " (case \(quoted(item.label))\(item.type.map { " " + value($0) } ?? ""))"
    }

    func function(_ type: FunctionTypeDefinition) -> String {
        let parameters = type.parameters.map { " (param \(quoted($0.label)) \(value($0.type)))" }.joined()
        return "(func\(type.isAsync ? " async" : "")\(parameters)\(type.result.map { " (result \(value($0)))" } ?? ""))"
    }

    private func quoted(_ text: String) -> String { TextWriter.quoted(text) }
}
