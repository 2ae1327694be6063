// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import DovetailSystem

/// A file of the package index.
package struct PackageFile: Hashable, Sendable {
    /// Where it is.
    package var url: String
    /// The SHA-256 that the index tells.
    package var sha256: String

    /// Its name.
    var name: String { String(url.prefix { $0 != "#" && $0 != "?" }.split(separator: "/").last ?? "") }
}

/// A package that was chosen for a requirement.
package struct ResolvedPackage: Hashable, Sendable {
    /// What there is of it.
    package enum Source: Hashable, Sendable {
        /// A wheel without native code, used as it is.
        case pure(PackageFile)
        /// Its source distribution: its wheels have native code, or there are none.
        case source(PackageFile)
        /// Both: its authors publish wheels with native code for other machines, and one without any.
        case sourceOrPure(PackageFile, PackageFile)
        /// A folder or an archive of this machine.
        case local(String)
        /// Only wheels with native code for other machines, which cannot be built anew.
        case binaryOnly
        /// A repository.
        case repository(String)
    }

    /// Its name, normalized.
    package var name: String
    /// Its version.
    package var version: String
    /// What there is of it.
    package var source: Source
}

extension WheelToolchain {
    /// The versions that satisfy requirements, those of what they require in turn included.
    ///
    /// - Parameters:
    ///   - requirements: lines of a requirements file: names with versions, paths.
    ///   - files: requirements files and `pyproject.toml`s.
    ///   - withDependencies: whether what packages require is wanted, too.
    /// - Throws: ``PythonError`` when there is no solution, with what the resolver says.
    package func resolve(
        _ requirements: [String], files: [String] = [], withDependencies: Bool = true
    ) throws(PythonError) -> [ResolvedPackage] {
        let folder: TemporaryFolder
        do throws(SystemError) {
            folder = try TemporaryFolder()
            try folder.write(Array(requirements.map { $0 + "\n" }.joined().utf8), to: "requirements.in")
        } catch { throw .temporary(error) }
        let list = folder.file("pylock.toml")
        // The platform is a stand-in, of which there are wheels: what matters is which have no native code.
        let command =
            [
                program("uv"), "pip", "compile", "--quiet", "--no-header", "--format", "pylock.toml", "--python",
                program("python"), "--python-version", "3.14", "--python-platform", "x86_64-unknown-linux-gnu",
                "--output-file", list,
            ] + (withDependencies ? [] : ["--no-deps"]) + (requirements.isEmpty ? [] : [folder.file("requirements.in")])
            + files
        let outcome = try run(command, timeLimit: 900)
        // Without a network, what the resolver has seen before may do.
        if outcome.code != 0, try run(command + ["--offline"], timeLimit: 900).code != 0 {
            throw .unresolved(outcome.text)
        }
        let told = try helper(["lock", list])
        guard told.code == 0 else { throw .unresolved(told.text) }
        do throws(JSONError) {
            guard case .array(let entries) = try JSONTree(reading: told.text) else { return [] }
            var packages: [ResolvedPackage] = []
            for entry in entries { packages.append(try Self.package(JSONPlace(entry), folder: folder.path)) }
            return packages
        } catch { throw .unresolved(error.description) }
    }

    static func package(_ entry: JSONPlace, folder: String) throws(JSONError) -> ResolvedPackage {
        let name = try entry.member("name")?.text() ?? "?"
        let version = try entry.member("version")?.text() ?? ""
        func file(_ place: JSONPlace) throws(JSONError) -> PackageFile {
            PackageFile(url: try place.member("url")?.text() ?? "", sha256: try place.member("sha256")?.text() ?? "")
        }
        let source: ResolvedPackage.Source
        var wheels: [PackageFile] = []
        if case .array(let items)? = try entry.member("wheels")?.value {
            for item in items { wheels.append(try file(JSONPlace(item))) }
        }
        if let path = try entry.member("path")?.text() {
            // A relative one is so to the list, which will be gone.
            let place = path.hasPrefix("/") ? path : Files.join(folder, path)
            source = .local(Files.realPath(place) ?? place)
        } else if let url = try entry.member("vcs")?.text() {
            source = .repository(url)
        } else if let pure = wheels.first(where: { WheelBuilder.isPure($0.name) }) {
            let isNativeElsewhere = wheels.contains { !WheelBuilder.isPure($0.name) }
            if isNativeElsewhere, let place = try entry.member("sdist") {
                source = .sourceOrPure(try file(place), pure)
            } else {
                source = .pure(pure)
            }
        } else if let place = try entry.member("sdist") {
            source = .source(try file(place))
        } else {
            source = .binaryOnly
        }
        return ResolvedPackage(name: name, version: version, source: source)
    }
}
