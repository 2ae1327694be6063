// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import Testing

@Suite("Type tables")
struct TypeTableTests {
    @Test("equal structures share one identifier, resources never do")
    func interning() {
        var table = TypeTable()
        let first = table.intern(.list(.u8))
        let second = table.intern(.list(.u8))
        let other = table.intern(.list(.s8))
        #expect(first == second)
        #expect(first != other)
        let one = table.append(TypeDefinition(kind: .resource))
        let two = table.append(TypeDefinition(kind: .resource))
        #expect(one != two)
        #expect(table.intern(.own(one)) != table.intern(.own(two)))
    }

    @Test("aliases are seen through")
    func aliases() {
        var table = TypeTable()
        let resource = table.append(TypeDefinition(kind: .resource, name: "r"))
        let alias = table.append(TypeDefinition(kind: .alias(.defined(resource)), name: "s"))
        let again = table.append(TypeDefinition(kind: .alias(.defined(alias)), name: "t"))
        #expect(table.resource(again) == resource)
        #expect(table.dealiased(.defined(again)) == .defined(resource))
        #expect(table.resolvedKind(of: .defined(again)) == .resource)
        #expect(table.resolvedKind(of: .u8) == nil)
    }

    @Test("long chains of aliases are not followed anew at every use")
    func longChains() {
        var table = TypeTable()
        let resource = table.append(TypeDefinition(kind: .resource, name: "r"))
        var last = resource
        for _ in 0..<200_000 { last = table.append(TypeDefinition(kind: .alias(.defined(last)))) }
        // Following each chain would be 20 000 million steps.
        #expect(table.definitions.indices.allSatisfy { table.resource(TypeID($0)) == resource })
    }

    @Test("aliases that are changed later stand for their new types, and so do the aliases of them")
    func changedAliases() {
        var table = TypeTable()
        let one = table.append(TypeDefinition(kind: .resource))
        let alias = table.append(TypeDefinition(kind: .alias(.defined(one))))
        let again = table.append(TypeDefinition(kind: .alias(.defined(alias))))
        let two = table.append(TypeDefinition(kind: .resource))
        table[alias].kind = .alias(.defined(two))
        #expect(table.resource(alias) == two)
        #expect(table.resource(again) == two)
        let third = table.append(TypeDefinition(kind: .alias(.defined(again))))
        #expect(table.resource(third) == two)
        table[alias].kind = .alias(.u8)
        #expect(table.resolvedKind(of: .defined(third)) == nil)
        #expect(table.dealiased(.defined(third)) == .u8)
        table[alias].kind = .resource
        #expect(table.resource(third) == alias)
    }
}
