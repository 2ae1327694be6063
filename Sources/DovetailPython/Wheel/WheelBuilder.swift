// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailComponentize
import DovetailJSON
import DovetailSystem

/// The tags of wheels with native code for the carrier's CPython. (PEP 425)
enum WheelTag {
    static let python = "cp314"
    static let abi = "cp314"
    static let platform = "wasi_wasm32"
    /// How the file name of an extension ends.
    static let suffix = ".cpython-314-wasm32-wasi.so"
}

/// A wheel in the cache.
package struct BuiltWheel: Hashable, Sendable {
    /// Where it is.
    package var path: String
    /// Whether it has native code.
    package var isNative: Bool
    /// Whether it was made now, and not before.
    package var isNew: Bool
    /// How many functions of its extensions got the signature that CPython calls.
    package var mended = 0
    /// What is to be said of it.
    package var note: String?

    /// Its file name.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Makes wheels of packages.
package struct WheelBuilder {
    /// What it builds with.
    package let toolchain: WheelToolchain
    /// What the wheels are for.
    let carrier: PythonCarrier
    /// Further settings for build backends, as `key=value`.
    private let settings: [String]
    /// Packages that may come out without their native code, or all.
    private let allowsPure: Bool
    /// Whether packages that are not in the cache are built.
    private let builds: Bool
    let report: (String) -> Void

    /// Makes a builder.
    ///
    /// - Parameters:
    ///   - settings: further settings for build backends, as `setup-args=-Dname=value`.
    ///   - allowsPure: whether packages that fall back to Python, where their native code does not build, may do so.
    ///   - builds: whether native packages that are not in the cache are built, which takes minutes for some.
    ///   - report: is told what takes long.
    package init(
        _ toolchain: WheelToolchain, for carrier: PythonCarrier, settings: [String] = [], allowsPure: Bool = false,
        builds: Bool = true, report: @escaping (String) -> Void = { _ in }
    ) {
        self.toolchain = toolchain
        self.carrier = carrier
        self.settings = settings
        self.allowsPure = allowsPure
        self.builds = builds
        self.report = report
    }

    /// The wheel of a package, from the cache or made.
    ///
    /// - Parameter numpy: the folder with NumPy's headers for WASI, for packages that are compiled against them.
    /// - Throws: ``PythonError`` when it cannot be fetched or built.
    package func wheel(of package: ResolvedPackage, numpy: String? = nil) throws(PythonError) -> BuiltWheel {
        switch package.source {
        case .pure(let file):
            let key = WheelToolchain.hash(file.url + file.sha256)
            if let known = known(key) { return known }
            let scratch = try folder()
            report("fetching \(package.name) \(package.version)")
            try fetch(file, to: scratch.file(file.name))
            return try keep(scratch.file(file.name), key, isNative: false)
        case .source(let file):
            let key = key(file.sha256.isEmpty ? file.url : file.sha256, numpy)
            if let known = known(key) { return known }
            guard builds else { throw .notInCache(package.name, package.version) }
            let scratch = try folder()
            report("fetching \(package.name) \(package.version)")
            try fetch(file, to: scratch.file(file.name))
            return try build(scratch.file(file.name), package, key, scratch, numpy, mustBeNative: true)
        case .sourceOrPure(let source, let pure): return try wheel(of: package, source, else: pure, numpy)
        case .local(let path):
            if path.hasSuffix(".whl") { return try local(wheel: path) }
            let scratch = try folder()
            return try build(source(path, in: scratch), package, nil, scratch, numpy, mustBeNative: false)
        case .binaryOnly: throw .noSource(package.name, package.version)
        case .repository(let url): throw .repository(package.name, url)
        }
    }

    /// The wheel of a package with native code that can do without, as its authors say who publish one in pure Python as well: that
    /// one, where the native code does not build.
    private func wheel(
        of package: ResolvedPackage, _ source: PackageFile, else pure: PackageFile, _ numpy: String?
    ) throws(PythonError) -> BuiltWheel {
        let key = key(source.sha256.isEmpty ? source.url : source.sha256, numpy)
        var (native, other) = (package, package)
        (native.source, other.source) = (.source(source), .pure(pure))
        var wheel: BuiltWheel
        do throws(PythonError) { wheel = try self.wheel(of: native, numpy: numpy) } catch {
            guard error.code == .packages else { throw error }
            wheel = try self.wheel(of: other)
            // What does not build today does not build tomorrow.
            if builds { wheel = try keep(wheel.path, key, isNative: false) }
        }
        if !wheel.isNative {
            let reason = builds ? "does not build for WASI" : "is not in the cache"
            wheel.note = "`\(package.name)` \(package.version) is used without its native code, which \(reason)"
        }
        return wheel
    }

    // MARK: - The cache

    private func key(_ source: String, _ numpy: String?) -> String {
        // What NumPy's headers say of the machine is the same for all its versions; its version decides about the rest.
        let parts = [source, toolchain.compilerIdentity, numpy.map(Self.version(ofNumPyAt:)) ?? ""] + settings
        return WheelToolchain.hash(parts.joined(separator: "\n"))
    }

    private static func version(ofNumPyAt headers: String) -> String {
        (try? Files.read(headers + "/numpy/_numpyconfig.h")).map {
            WheelToolchain.hash(String(decoding: $0, as: UTF8.self))
        }
            ?? headers
    }

    private func known(_ key: String) -> BuiltWheel? {
        let folder = "\(toolchain.cache)/wheels/\(key)"
        guard let name = (try? Files.names(in: folder))?.first(where: { $0.hasSuffix(".whl") }) else { return nil }
        return BuiltWheel(path: "\(folder)/\(name)", isNative: !Self.isPure(name), isNew: false)
    }

    private func keep(_ wheel: String, _ key: String, isNative: Bool) throws(PythonError) -> BuiltWheel {
        let name = wheel.split(separator: "/").last.map(String.init) ?? "?"
        let target = "\(toolchain.cache)/wheels/\(key)"
        try toolchain.installing(target) { scratch throws(PythonError) in
            do throws(SystemError) {
                try Files.read(wheel).withRawBytes { (bytes) throws(SystemError) in
                    try Files.replace("\(scratch)/\(name)", with: bytes)
                }
            } catch {
                throw .unwritable(target, error)
            }
        }
        return BuiltWheel(path: "\(target)/\(name)", isNative: isNative, isNew: true)
    }

    private func folder() throws(PythonError) -> TemporaryFolder {
        do throws(SystemError) { return try TemporaryFolder() } catch { throw .temporary(error) }
    }

    private func fetch(_ file: PackageFile, to path: String) throws(PythonError) {
        let outcome = try toolchain.helper(["fetch", file.url, file.sha256, path], timeLimit: 1800)
        guard outcome.code == 0 else { throw .notFetched(file.url, outcome.text) }
    }

    private func local(wheel path: String) throws(PythonError) -> BuiltWheel {
        guard Files.exists(path) else { throw .unreadable(path, .noSuchFile) }
        return BuiltWheel(path: path, isNative: !Self.isPure(path), isNew: false)
    }

    /// Whether the name of a wheel says that it has no native code. (PEP 425)
    static func isPure(_ name: String) -> Bool { name.hasSuffix("-none-any.whl") }

    // MARK: - Builds

    private func build(
        _ source: String, _ package: ResolvedPackage, _ key: String?, _ scratch: TemporaryFolder, _ numpy: String?,
        mustBeNative: Bool
    ) throws(PythonError) -> BuiltWheel {
        let backend = try backend(of: source, package)
        report("building \(package.name) \(package.version)")
        let title = package.version.isEmpty ? package.name : "\(package.name)-\(package.version)"
        let log = "\(toolchain.cache)/logs/\(title).log"
        let made = scratch.file("made")
        let outcome = try toolchain.run(command(source, package, backend, to: made, numpy))
        try save(outcome.output, to: log)
        let wheels = ((try? Files.names(in: made)) ?? []).filter { $0.hasSuffix(".whl") }
        guard outcome.code == 0, let name = wheels.first else {
            throw .notBuilt(package.name, package.version, said: outcome.text, log: log)
        }
        var (path, isNative, mended) = try finish("\(made)/\(name)", package, scratch)
        if !isNative {
            guard !mustBeNative || allowsPure else { throw .withoutExtension(package.name, package.version, log: log) }
            path = "\(made)/\(name)"
        }
        var place = source
        if case .local(let path) = package.source { place = path }
        let kept =
            key
            ?? WheelToolchain.hash("\(place)\n\(Files.status(path).map { "\($0.modified.seconds) \($0.size)" } ?? "")")
        if key == nil { try? Files.removeTree("\(toolchain.cache)/wheels/\(kept)") }
        var built = try keep(path, kept, isNative: isNative)
        built.mended = mended
        return built
    }

    /// A folder as it is, an archive in another place: of one whose path it knows pip uses the wheel that it has built before.
    private func source(_ path: String, in scratch: TemporaryFolder) throws(PythonError) -> String {
        guard !Files.isDirectory(path) else { return path }
        let copy = scratch.file(path.split(separator: "/").last.map(String.init) ?? "source")
        do throws(SystemError) {
            try Files.read(path).withRawBytes { (bytes) throws(SystemError) in try Files.replace(copy, with: bytes) }
        } catch {
            throw .unreadable(path, error)
        }
        return copy
    }

    /// The name of the build backend of a source.
    private func backend(of source: String, _ package: ResolvedPackage) throws(PythonError) -> String {
        let told = try toolchain.helper(["source", source])
        let backend: String
        let isRust: Bool
        do throws(JSONError) {
            guard told.code == 0 else { throw JSONError(told.text) }
            let place = JSONPlace(try JSONTree(reading: told.text))
            backend = try place.member("backend")?.text() ?? ""
            isRust = try place.member("rust")?.value == .bool(true)
        } catch {
            throw .notBuilt(package.name, package.version, error.description, log: nil)
        }
        if isRust { throw .rust(package.name, package.version) }
        return backend
    }

    private func command(
        _ source: String, _ package: ResolvedPackage, _ backend: String, to folder: String, _ numpy: String?
    ) -> [String] {
        let root = toolchain.folder
        var command = ["env"]
        // What a user has set for builds for this machine is wrong here, and `MESON` breaks meson-python.
        for name in ["MESON", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET"] {
            command += ["-u", name]
        }
        command += [
            "PATH=\(toolchain.environment)/bin:\(ThisProcess.variable("PATH") ?? "/usr/bin:/bin")",
            "DOVETAIL_WHEEL_ROOT=\(root)", "CC=\(root)/bin/cc", "CXX=\(root)/bin/c++",
            "LDSHARED=\(root)/bin/cc -shared",
            "LDCXXSHARED=\(root)/bin/c++ -shared", "AR=\(toolchain.tools.tool("llvm-ar"))",
            "CMAKE_TOOLCHAIN_FILE=\(root)/toolchain.cmake", "SOURCE_DATE_EPOCH=315532800",
            "PIP_DISABLE_PIP_VERSION_CHECK=1",
        ]
        if let numpy { command.append("DOVETAIL_WHEEL_NUMPY=\(numpy)") }
        command += [
            toolchain.program("python"), "-m", "pip", "wheel", "-v", "--no-deps", "--no-input", "--wheel-dir", folder,
        ]
        for setting in defaultSettings(package, backend) + settings { command += ["--config-settings", setting] }
        return command + [source]
    }

    private func defaultSettings(_ package: ResolvedPackage, _ backend: String) -> [String] {
        guard backend.hasPrefix("mesonpy") else { return [] }
        var settings = ["setup-args=--cross-file=\(toolchain.folder)/meson.cross"]
        // What NumPy looks for on the machine is not there, but for the matrix products that the toolchain has.
        if package.name == "numpy" {
            settings += [
                "setup-args=-Dblas=\(WheelToolchain.blas)", "setup-args=-Dlapack=none",
                "setup-args=-Dallow-noblas=true",
                "setup-args=-Ddisable-threading=true", "setup-args=-Db_staticpic=true",
            ]
        }
        return settings
    }

    private func save(_ log: [UInt8], to path: String) throws(PythonError) {
        do throws(SystemError) {
            try Files.makeDirectories(above: path)
            try log.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        } catch { throw .unwritable(path, error) }
    }

    // MARK: - Finishing

    /// Mends the extensions of a wheel and gives it its tags; a wheel without any stays as it is.
    private func finish(
        _ wheel: String, _ package: ResolvedPackage, _ scratch: TemporaryFolder
    ) throws(PythonError) -> (path: String, isNative: Bool, mended: Int) {
        let unpacked = scratch.file("unpacked")
        func tool(_ words: [String]) throws(PythonError) {
            let outcome = try toolchain.run(
                ["env", "SOURCE_DATE_EPOCH=315532800", toolchain.program("python"), "-m", "wheel"] + words)
            guard outcome.code == 0 else { throw .notBuilt(package.name, package.version, outcome.text, log: nil) }
        }
        try tool(["unpack", "--dest", unpacked, wheel])
        guard let root = (try? Files.names(in: unpacked))?.first else {
            throw .notBuilt(package.name, package.version, "the wheel is empty", log: nil)
        }
        var mended = 0
        let libraries = Self.libraries(below: "\(unpacked)/\(root)")
        for path in libraries { mended += try mend(path, package) }
        guard !libraries.isEmpty else { return (wheel, false, 0) }
        let packed = scratch.file("packed")
        do throws(SystemError) { try Files.makeDirectories(above: packed + "/x") } catch { throw .temporary(error) }
        try tool(["pack", "--dest-dir", packed, "\(unpacked)/\(root)"])
        let name = ((try? Files.names(in: packed)) ?? []).first ?? ""
        try tool([
            "tags", "--remove", "--python-tag", WheelTag.python, "--abi-tag", WheelTag.abi, "--platform-tag",
            WheelTag.platform, "\(packed)/\(name)",
        ])
        return ("\(packed)/\(((try? Files.names(in: packed)) ?? []).first ?? "")", true, mended)
    }

    private static func libraries(below folder: String) -> [String] {
        var found: [String] = []
        for name in ((try? Files.names(in: folder)) ?? []).sorted() {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".so") {
                found.append(path)
            } else if Files.status(path, followingLinks: false)?.kind == .directory {
                found += libraries(below: path)
            }
        }
        return found
    }

    private func mend(_ path: String, _ package: ResolvedPackage) throws(PythonError) -> Int {
        let library: [UInt8]
        do { library = try Files.read(path) } catch { throw .unreadable(path, error) }
        guard library.starts(with: Array("\0asm".utf8)) else {
            let name = path.split(separator: "/").last ?? ""
            throw .notBuilt(
                package.name, package.version, "its build made `\(name)` for this machine, and not for WASI", log: nil)
        }
        let (bytes, repairs): ([UInt8], [SignatureRepair.Repair])
        do throws(ComponentizeError) { (bytes, repairs) = try SignatureRepair.repaired(library) } catch {
            throw .notBuilt(package.name, package.version, "\(error)", log: nil)
        }
        guard !repairs.isEmpty else { return 0 }
        do throws(SystemError) {
            try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        } catch {
            throw .temporary(error)
        }
        return repairs.count
    }
}

/// What the log of a build says.
enum WheelLog {
    /// Whether it says that the package index cannot be reached, in the words of pip or uv.
    static func isOffline(_ text: String) -> Bool {
        [
            "Failed to establish a new connection", "Temporary failure in name resolution", "error sending request",
            "Failed to fetch: ", "Network connectivity is disabled",
        ].contains { text.contains($0) }
    }

    /// The first line about an error and some that follow; the last lines where there is none.
    static func reason(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { $0.last == "\r" ? $0.dropLast() : $0 }
        let marks = [": error:", "error: ", "Error: ", "ERROR: ", "CMake Error", "wasm-ld: "]
        let first = lines.firstIndex { line in
            marks.contains { line.contains($0) } && !line.contains("subprocess-exited-with-error")
                && !line.contains("Failed building wheel")
        }
        let part = first.map { lines[$0..<min($0 + 6, lines.count)] } ?? lines.suffix(8)
        return part.joined(separator: "\n")
    }
}
