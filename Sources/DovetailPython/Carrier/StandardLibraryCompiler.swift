// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailSystem
import DovetailWASI
import DovetailWIT

extension PythonCarrier {
    /// The folder of the standard library as byte code, which the interpreter itself compiles once, as a component.
    ///
    /// - Parameter report: is told what takes long.
    /// - Throws: ``PythonError`` when it cannot be compiled or written.
    package func compiledStandardLibrary(report: (String) -> Void = { _ in }) throws(PythonError) -> String {
        if Files.exists(compiledFolder + "/os.pyc") { return compiledFolder }
        report("compiling Python's standard library")
        let scratch = "\(folder)/.compile-\(ThisProcess.identifier)-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? Files.removeTree(scratch) }
        try StandardLibraryCompiler(carrier: self, scratch: scratch).run()
        do {
            try Files.rename(scratch + "/compiled", to: compiledFolder)
        } catch {
            // Another process may have been quicker.
            guard Files.exists(compiledFolder + "/os.pyc") else { throw .unwritable(compiledFolder, error) }
        }
        return compiledFolder
    }
}

/// Compiles the standard library with CPython in a sandbox.
private struct StandardLibraryCompiler {
    let carrier: PythonCarrier
    let scratch: String

    private static let wit = """
        package dovetail:python;
        world compiler { export compile: func(source: string, target: string) -> result<u32, string>; }
        """

    /// What has no code is copied; files that no longer are Python, kept for tests of refactoring tools, are left out.
    private static let app = """
        import importlib._bootstrap_external as external
        import os
        import wit_world
        from componentize_py_types import Err


        class WitWorld(wit_world.WitWorld):
            def compile(self, source, target):
                try:
                    return sum(self.compile_folder(source, folder, names, target) for folder, _, names in os.walk(source))
                except OSError as error:
                    raise Err(str(error))

            def compile_folder(self, source, folder, names, target):
                if folder != source:
                    os.mkdir(target + folder[len(source):])
                for name in names:
                    path = f"{folder}/{name}"
                    with open(path, "rb") as file:
                        content = file.read()
                    if name.endswith(".py"):
                        try:
                            code = compile(content, path, "exec", dont_inherit=True)
                        except SyntaxError:
                            continue
                        content = external._code_to_timestamp_pyc(code, 0, 0)
                        path += "c"
                    with open(target + path[len(source):], "wb") as file:
                        file.write(content)
                return len(names)
        """

    func run() throws(PythonError) {
        let errors = OutputCollector()
        do {
            let count = try compile(errors)
            guard count > 0 else { throw PythonError.notCompiled("it has no files") }
        } catch let error as PythonError {
            throw error
        } catch {
            throw .notCompiled(errors.text, cause: error)
        }
    }

    private func compile(_ errors: OutputCollector) throws -> UInt32 {
        let resolution = try WIT.resolve(WITSource(text: Self.wit))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        for file in try PythonComponentizer.bindings(of: world, in: resolution.graph) {
            try write(file.text, to: "bindings/" + file.name)
        }
        try write(Self.app, to: "app/app.py")
        try Files.makeDirectory(scratch + "/compiled")
        let engine = try Engine()
        let component = try Component(
            engine: engine,
            bytes: try PythonComponentizer(carrier).linked(app: "app", world: world, of: resolution.graph))
        let folders = PythonComponentizer.Folder.self
        let store = try Store(
            engine: engine,
            wasi: WASIConfiguration(
                preopens: [
                    Preopen(carrier.standardLibrary, as: folders.standardLibrary, permissions: .readOnly),
                    Preopen(scratch + "/bindings", as: folders.bindings, permissions: .readOnly),
                    Preopen(scratch + "/app", as: folders.app, permissions: .readOnly),
                    Preopen(scratch + "/compiled", as: "/compiled", permissions: .readWrite),
                ], standardError: .collected(errors)))
        let instance = try Linker.wasi(engine: engine).instantiate(component, in: store)
        let result = try instance.function("compile").call(
            .string(folders.standardLibrary), .string("/compiled"))
        switch result {
        case .ok(.u32(let count)?): return count
        case .error(.string(let reason)?): throw PythonError.notCompiled(reason)
        default: return 0
        }
    }

    private func write(_ text: String, to name: String) throws(PythonError) {
        let path = "\(scratch)/\(name)"
        do throws(SystemError) {
            try Files.makeDirectories(above: path)
            let bytes = Array(text.utf8)
            try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        } catch {
            throw .unwritable(path, error)
        }
    }
}
