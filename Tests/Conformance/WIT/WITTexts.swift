// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// What the suites about WIT have in common.
enum WITTexts {
    /// Fails unless two texts are the same, line ends at the end apart.
    static func expect(_ found: String, equals expected: String, _ what: String) throws {
        func lines(_ text: String) -> [Substring] {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            while lines.last?.isEmpty == true { lines.removeLast() }
            return lines
        }
        let left = lines(found)
        let right = lines(expected)
        guard left != right else { return }
        for (index, (one, other)) in zip(left, right).enumerated() where one != other {
            throw CaseFailure("\(what): line \(index + 1): expected `\(other)`, found `\(one)`")
        }
        throw CaseFailure("\(what): expected \(right.count) lines, found \(left.count)")
    }

    /// Fails unless a text reads back as what it was printed from, and is printed as itself from then on.
    static func expectReadsBack(_ root: PackageID, in graph: PackageGraph) throws {
        let text = WITText.text(of: root, in: graph)
        let again = try WIT.resolve(WITSource(name: "printed.wit", text: text), features: .all)
        try expect(WITText.sortedText(of: again.graph), equals: WITText.sortedText(of: graph), "read back")
        let second = WITText.text(of: again.root, in: again.graph)
        let third = try WIT.resolve(WITSource(name: "printed.wit", text: second), features: .all)
        try expect(WITText.text(of: third.root, in: third.graph), equals: second, "printed again")
    }

    /// The definitions of a component as bytes, without its custom sections: tools differ in these.
    static func definitions(_ bytes: [UInt8]) throws -> [UInt8] {
        var binary = try ComponentDecoder.decode(bytes)
        binary.customSections = []
        return ComponentEncoder.encode(binary, source: bytes)
    }

    /// Fails when a component breaks a rule of validation.
    static func validate(_ bytes: [UInt8], features: ComponentFeatures = .all) throws {
        _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: features)
    }

    /// Encodes a package, reads it again and fails unless texts and bytes stay as they were.
    ///
    /// - Returns: the encoded package.
    @discardableResult
    static func expectEncodes(_ root: PackageID, in graph: PackageGraph) throws -> [UInt8] {
        let encoded = try WITEncoder.encode(package: root, in: graph)
        try validate(encoded)
        let decoded = try WITDecoder.decode(encoded)
        try expect(
            WITPrinter.text(of: decoded.package, in: decoded.graph), equals: WITPrinter.text(of: root, in: graph),
            "encoded and decoded")
        guard try WITEncoder.encode(package: decoded.package, in: decoded.graph) == encoded else {
            throw CaseFailure("encoding what was decoded gives other bytes")
        }
        return encoded
    }
}
