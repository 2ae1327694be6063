// SPDX-License-Identifier: Apache-2.0

internal import DovetailBinary
internal import DovetailTypes

/// The index spaces of a component, or of a type of components, instances or modules: their identifiers, and how far they are filled.
struct TextScope {
    private var identifiers: [Sort: Identifiers] = [:]
    private var next: [Sort: UInt32] = [:]
    /// The identifier of the component itself.
    private var name: String?

    /// A scope without names.
    init() {}

    /// The scope of a component.
    init(_ names: NameSection?) {
        name = names?.component.map(Identifiers.identifier)
        for (sort, names) in names?.names ?? [:] { identifiers[sort] = Identifiers(names, group: sort.group) }
    }

    func reference(_ sort: Sort, _ index: UInt32) -> String {
        identifiers[sort]?.reference(index) ?? String(index)
    }

    /// How an alias names the scope that is `count` scopes outward.
    func outward(_ count: UInt32) -> String { name ?? String(count) }

    func identifiers(_ sort: Sort) -> Identifiers { identifiers[sort] ?? Identifiers() }

    var types: TypeText { TypeText(types: identifiers(.type)) }
    var coreTypes: CoreTypeText { CoreTypeText(types: identifiers(.core(.type))) }

    /// Gives the next definition of `sort` its index and writes its identifier, and the index as a comment.
    mutating func declare(_ sort: Sort, _ writer: inout TextWriter) {
        identifiers[sort]?.declare(next[sort, default: 0], &writer)
        writer.comment(index: Int(next[sort, default: 0]))
        next[sort, default: 0] += 1
    }

    /// The index that the next definition of `sort` gets.
    func upcoming(_ sort: Sort) -> UInt32 { next[sort, default: 0] }

    mutating func skip(_ sort: Sort, _ count: UInt32 = 1) { next[sort, default: 0] &+= count }
}

extension Sort {
    /// The keywords of the text format.
    var keyword: String {
        switch self {
        case .core(let sort): "core \(sort.keyword)"
        case .function: "func"
        case .value: "value"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }

    /// What numbered identifiers begin with.
    var group: String {
        if case .core(let sort) = self { return "core-\(sort.keyword)" }
        return keyword
    }
}
