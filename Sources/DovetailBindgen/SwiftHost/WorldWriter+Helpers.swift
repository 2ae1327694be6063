// SPDX-License-Identifier: Apache-2.0

/// Types that only some worlds need: lengths of lists.
extension WorldWriter {
    func helpers() -> [SwiftDeclaration] {
        host.needs.fixedLengths.sorted().map(length)
    }

    private func length(_ count: Int) -> SwiftDeclaration {
        SwiftDeclaration(
            .type(
                SwiftTypeDeclaration(
                    keyword: .enum, name: "Count\(count)", inherits: [host.library("FixedCount")],
                    members: [root.count("count", count)])),
            documentation: ["The length of a `list<…, \(count)>`."], modifiers: access)
    }
}
