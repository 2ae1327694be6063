// SPDX-License-Identifier: Apache-2.0

/// The parts of an interface's name, `ns:pkg/name@1.0.0`; that of an interface within a world has only the last.
package struct ExternNameParts {
    package private(set) var namespace: Substring = ""
    package private(set) var package: Substring = ""
    package let name: Substring
    package private(set) var version: Substring = ""

    package init(_ extern: String) {
        let at = extern.split(separator: "@", maxSplits: 1)
        let plain = at.first ?? Substring(extern)
        let slash = plain.split(separator: "/", maxSplits: 1)
        guard slash.count == 2 else {
            name = plain
            return
        }
        let colon = slash[0].split(separator: ":", maxSplits: 1)
        namespace = colon.first ?? ""
        package = colon.count > 1 ? colon[1] : ""
        name = slash[1]
        version = at.count > 1 ? at[1] : ""
    }
}
