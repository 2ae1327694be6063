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
        do throws(SystemError) {
            try Files.makeDirectories(above: scratch + "/compiled/x")
        } catch { throw .unwritable(scratch, error) }
        try ByteCodeCompiler(carrier: self, scratch: scratch).compile(
            standardLibrary, to: scratch + "/compiled", place: PythonComponentizer.Folder.standardLibrary)
        do {
            try Files.rename(scratch + "/compiled", to: compiledFolder)
        } catch {
            // Another process may have been quicker.
            guard Files.exists(compiledFolder + "/os.pyc") else { throw .unwritable(compiledFolder, error) }
        }
        return compiledFolder
    }
}

/// Compiles folders of modules with CPython in a sandbox.
struct ByteCodeCompiler {
    let carrier: PythonCarrier
    /// A folder for what it needs itself.
    let scratch: String

    private static let wit = """
        package dovetail:python;
        world compiler { export compile: func(place: string, bare: list<string>) -> result<u32, string>; }
        """

    /// What has no code is copied; files that no longer are Python, kept for tests of refactoring tools, are left out.
    static let app = """
        import ast
        import importlib._bootstrap_external as external
        import os
        import wit_world
        from componentize_py_types import Err

        SOURCE, TARGET = "/source", "/target"
        DOCUMENTED = ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef


        def documents(statement):
            call = getattr(statement, "value", None)
            return isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("add_newdoc", "add_docstring")


        class WithoutAssertions(ast.NodeTransformer):
            # Leaves out what is asserted of docstrings.
            def visit_Assert(self, node):
                if any(isinstance(part, ast.Attribute) and part.attr == "__doc__" for part in ast.walk(node.test)):
                    return ast.copy_location(ast.Pass(), node)
                return node


        def strip(tree):
            # NumPy hands documentation to what is written in C.
            tree.body = [statement for statement in tree.body if not documents(statement)]
            tree = WithoutAssertions().visit(tree)
            for node in ast.walk(tree):
                if not isinstance(node, DOCUMENTED):
                    continue
                body = node.body
                while body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
                    text = body.pop(0)
                    if not body and not isinstance(node, ast.Module):
                        body.append(ast.copy_location(ast.Pass(), text))
            return tree


        class WitWorld(wit_world.WitWorld):
            def compile(self, place, bare):
                try:
                    return sum(self.compile_folder(place, folder[len(SOURCE):], names, bare) for folder, _, names in os.walk(SOURCE))
                except OSError as error:
                    raise Err(str(error))

            def compile_folder(self, place, folder, names, bare):
                if folder:
                    os.mkdir(TARGET + folder)
                for name in names:
                    path = f"{folder}/{name}"
                    with open(SOURCE + path, "rb") as file:
                        content = file.read()
                    if name.endswith(".py"):
                        try:
                            if path.split("/")[1] in bare:
                                content = strip(ast.parse(content))
                            code = compile(content, place + path, "exec", dont_inherit=True)
                        except SyntaxError:
                            continue
                        content = external._code_to_timestamp_pyc(code, 0, 0)
                        path += "c"
                    with open(TARGET + path, "wb") as file:
                        file.write(content)
                return len(names)
        """

    /// Compiles the modules of a folder into another, which is empty.
    ///
    /// - Parameters:
    ///   - place: where the guest will see the folder, which tracebacks tell.
    ///   - bare: names in the folder whose modules lose their docstrings.
    /// - Throws: ``PythonError`` when that fails, or there are no files.
    func compile(_ source: String, to target: String, place: String, bare: [String] = []) throws(PythonError) {
        let errors = OutputCollector()
        do {
            let count = try run(source, target, place, bare, errors)
            guard count > 0 else { throw PythonError.notCompiled(source, "it has no files") }
        } catch let error as PythonError {
            throw error
        } catch {
            throw .notCompiled(source, errors.text, cause: error)
        }
    }

    private func run(
        _ source: String, _ target: String, _ place: String, _ bare: [String], _ errors: OutputCollector
    ) throws -> UInt32 {
        let resolution = try WIT.resolve(WITSource(text: Self.wit))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        for file in try PythonComponentizer.bindings(of: world, in: resolution.graph) {
            try write(file.text, to: "bindings/" + file.name)
        }
        try write(Self.app, to: "app/app.py")
        let engine = try Engine()
        let component = try Component(
            engine: engine,
            bytes: try PythonComponentizer(carrier).linked(app: "app", world: world, of: resolution.graph))
        let folders = PythonComponentizer.Folder.self
        let library =
            Files.exists(carrier.compiledFolder + "/os.pyc") ? carrier.compiledFolder : carrier.standardLibrary
        let store = try Store(
            engine: engine,
            wasi: WASIConfiguration(
                preopens: [
                    Preopen(library, as: folders.standardLibrary, permissions: .readOnly),
                    Preopen(scratch + "/bindings", as: folders.bindings, permissions: .readOnly),
                    Preopen(scratch + "/app", as: folders.app, permissions: .readOnly),
                    Preopen(source, as: "/source", permissions: .readOnly),
                    Preopen(target, as: "/target", permissions: .readWrite),
                ], standardError: .collected(errors)))
        let instance = try Linker.wasi(engine: engine).instantiate(component, in: store)
        let result = try instance.function("compile").call(
            .string(place), .list(.values(bare.map { .string($0) })))
        switch result {
        case .ok(.u32(let count)?): return count
        case .error(.string(let reason)?): throw PythonError.notCompiled(source, reason)
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
