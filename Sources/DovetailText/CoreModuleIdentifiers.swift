// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary

/// The identifiers of everything in a core module.
struct CoreModuleIdentifiers {
    let spaces: [CoreIndexSpace: Identifiers]
    let types: CoreTypeText
    private let names: CoreNames
    private let subtypes: [CoreSubtype]

    init(_ module: CoreModuleBinary) {
        names = CoreNames(module)
        subtypes = module.types.flatMap(\.self)
        let groups: [(CoreIndexSpace, String)] = [
            (.type, "type"), (.function, "func"), (.table, "table"), (.memory, "memory"), (.global, "global"),
            (.tag, "tag"), (.element, "elem"), (.data, "data"),
        ]
        var spaces: [CoreIndexSpace: Identifiers] = [:]
        for (space, group) in groups { spaces[space] = Identifiers(names.names[space] ?? [:], group: group) }
        self.spaces = spaces
        types = CoreTypeText(
            types: spaces[.type] ?? Identifiers(),
            fields: names.fields.mapValues { Identifiers($0, group: "field") })
    }

    var module: String? { names.module }

    /// The function type of an index; `nil` where it is another one's.
    func function(type index: UInt32) -> CoreFunctionType? {
        guard Int(index) < subtypes.count, case .function(let type) = subtypes[Int(index)].composite else { return nil }
        return type
    }

    func reference(_ space: CoreIndexSpace, _ index: UInt32) -> String {
        spaces[space]?.reference(index) ?? String(index)
    }

    func declare(_ space: CoreIndexSpace, _ index: UInt32, _ writer: inout TextWriter) {
        spaces[space]?.declare(index, &writer)
        writer.comment(index: Int(index))
    }

    func locals(of function: UInt32) -> Identifiers { Identifiers(names.locals[function] ?? [:], group: "local") }
    func labels(of function: UInt32) -> Identifiers { Identifiers(names.labels[function] ?? [:], group: "label") }
}
