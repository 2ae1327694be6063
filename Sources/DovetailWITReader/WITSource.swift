// SPDX-License-Identifier: Apache-2.0

/// The texts of a package and of those it may refer to, as the caller found them. (WIT.md, "Filesystem structure")
package struct WITSource: Equatable, Sendable {
    /// The files of the package that is asked for: all `.wit` files of a folder, or one file.
    package var root: [SourceFile]
    /// The dependencies, each one a file or the files of one folder.
    package var dependencies: [[SourceFile]]
    /// The dependencies that are packages in binary form: bytes of `.wasm` files and texts of `.wat` files.
    package var binaries: [SourceFile]

    /// Makes a source.
    package init(root: [SourceFile], dependencies: [[SourceFile]] = [], binaries: [SourceFile] = []) {
        self.root = root
        self.dependencies = dependencies
        self.binaries = binaries
    }

    /// Makes a source of one text.
    package init(name: String = "input.wit", text: String) {
        self.init(root: [SourceFile(name: name, text: text)])
    }
}

/// Which `@unstable` features are to be seen. (WIT.md, "Feature Gates")
package struct WITFeatures: Sendable {
    private var names: Set<String>?

    /// No feature.
    package static let none = WITFeatures(names: [])
    /// Every feature.
    package static let all = WITFeatures(names: nil)

    /// The features of these names.
    package static func only(_ names: some Sequence<String>) -> WITFeatures { WITFeatures(names: Set(names)) }

    /// Whether `feature` is active.
    package func contains(_ feature: String) -> Bool { names?.contains(feature) ?? true }
}
