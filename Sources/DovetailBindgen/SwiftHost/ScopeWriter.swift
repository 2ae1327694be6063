// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// Writes what belongs to one namespace of a world.
struct ScopeWriter: SwiftScope {
    let host: SwiftHost
    let scope: Scope

    var output: any SwiftOutput { host }

    /// A number that the library's protocols ask for.
    func count(_ name: String, _ value: Int) -> SwiftDeclaration {
        computed(name, library("Int"), .integer(value), attributes: host.inlinable)
    }

    /// A list of labels; one that is only this type's own business is not shown to users.
    func labels(_ name: String, _ labels: [String], isHidden: Bool = false) -> SwiftDeclaration {
        let type = SwiftType.array(library("String"))
        let list = SwiftExpression.array(labels.map { .string($0) })
        guard isHidden else { return computed(name, type, list) }
        return computed(name, type, list, attributes: hiddenAttributes, access: hiddenAccess)
    }

    /// How something is declared that only generated code uses, perhaps from functions that others inline.
    var hiddenAttributes: [String] { host.isPublic ? ["@usableFromInline"] : [] }
    var hiddenAccess: [String] { host.isPublic ? [] : ["private"] }
}
