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
}
