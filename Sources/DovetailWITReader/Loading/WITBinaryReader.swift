// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Reads dependencies in binary form, which this room cannot decode itself.
package struct WITBinaryReader {
    /// The packages that the bytes describe, and the one among them that they are about.
    package let decode: ([UInt8]) throws -> (graph: PackageGraph, package: PackageID)
    /// The bytes of a WebAssembly text, whose name is given for messages; `nil` where no engine is at hand.
    package var parseText: ((_ text: [UInt8], _ path: String) throws -> [UInt8])?

    /// Makes a reader.
    package init(
        parseText: ((_ text: [UInt8], _ path: String) throws -> [UInt8])? = nil,
        decode: @escaping ([UInt8]) throws -> (graph: PackageGraph, package: PackageID)
    ) {
        self.decode = decode
        self.parseText = parseText
    }

    /// All packages of `files` in one graph, and which file each package comes from.
    func read(_ files: [SourceFile]) throws(WITError) -> BinaryPackages {
        var packages = BinaryPackages()
        for file in files {
            let found: (graph: PackageGraph, package: PackageID)
            do {
                found = try decode(file.name.hasSuffix(".wat") ? try bytes(of: file) : file.bytes)
            } catch {
                throw WITError(.unreadablePackage(file.name, "\(error)"), code: .loading)
            }
            let name = found.graph[found.package].name
            if let other = packages.files[name] {
                throw WITError(.packageInTwoFiles(name, file.name, other), code: .loading)
            }
            packages.files[name] = file.name
            do throws(WITError) {
                try packages.graph.merge(found.graph)
            } catch {
                throw WITError(.packagesDiffer([file.name], error.message), code: .loading)
            }
        }
        return packages
    }

    private struct NoEngine: Error, CustomStringConvertible {
        var description: String {
            "WebAssembly text needs an engine, which this tool does not have; convert it with `dovetail parse`"
        }
    }

    private func bytes(of file: SourceFile) throws -> [UInt8] {
        guard let parseText else { throw NoEngine() }
        return try parseText(file.bytes, file.name)
    }
}

/// Packages that were read from binaries.
struct BinaryPackages {
    /// The packages, and the parts of other packages that their binaries describe.
    var graph = PackageGraph()
    /// The files that packages come from; of packages that are not here only a part may be known.
    var files: [PackageName: String] = [:]
}
