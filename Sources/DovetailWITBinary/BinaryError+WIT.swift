// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

extension BinaryError {
    package static func notWIT(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(code: .notWIT, message: "WIT cannot express this binary: \(message)", where: .init(offset: offset))
    }

    static func typeTwice(_ name: String, at offset: Int) -> BinaryError {
        .notWIT(
            "type `\(name)` is exported more than once, as when an imported instance is exported under another name",
            at: offset)
    }

    static func foreignType(_ name: String, at offset: Int) -> BinaryError {
        .notWIT("type `\(name)` stands for a type that no interface with a name defines", at: offset)
    }

    static func foreignReference(_ type: String, _ item: String, at offset: Int) -> BinaryError {
        .notWIT("`\(item)` refers to the type `\(type)`, which has no name beside it", at: offset)
    }

    static func notExportable(_ name: String, at offset: Int) -> BinaryError {
        .notWIT("export `\(name)` is neither a function nor an instance", at: offset)
    }

    static func packageCycle(_ name: String, at offset: Int) -> BinaryError {
        .notWIT("package `\(name)` depends on itself through others", at: offset)
    }

    static func oldPackageFormat(at offset: Int) -> BinaryError {
        .notWIT(
            "the package is in a form that is no longer written; encode it again with a newer tool", at: offset)
    }

    package static func upperCasePackage(_ name: String) -> BinaryError {
        BinaryError(
            code: .name,
            message:
                "package `\(name)` cannot be encoded: in components the names of namespaces and packages are lower case",
            where: .init(offset: 0))
    }

    static func badMetadata(_ reason: String) -> BinaryError {
        BinaryError(
            code: .malformed, message: "custom section `\(PackageMetadata.sectionName)` cannot be read: \(reason)",
            where: .init(offset: 0, section: "custom section"))
    }

    static func noComponentType() -> BinaryError {
        BinaryError(
            code: .coreModule,
            message: "expected a component, found a core module without a `component-type` section; "
                + "embed its WIT or componentize it first",
            where: .init(offset: 0))
    }

    /// An error about the payload of a custom section, told of the file that the section lies in.
    package func inside(_ section: CustomSection) -> BinaryError {
        var error = self
        error.where.offset += section.range.lowerBound
        error.where.path.insert("section `\(section.name)`", at: 0)
        return error
    }
}
