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
            standardLibrary, to: scratch + "/compiled", place: PythonComponentizer.Folder.standardLibrary,
            isDocumented: false)
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
        world compiler {
          export compile: func(place: string, bare: list<string>, is-documented: bool) -> result<u32, string>;
        }
        """

    /// Tells byte code that another version of this has made.
    static let identity = String(
        (Array(app.utf8).withUnsafeBytes { SHA256.hexadecimal(of: $0) } ?? "").prefix(8))

    /// What has no code is copied; files that no longer are Python, kept for tests of refactoring tools, are left out.
    static let app = """
        import ast
        import importlib._bootstrap_external as external
        import os
        import wit_world
        from _opcode_metadata import opmap
        from componentize_py_types import Err

        SOURCE, TARGET = "/source", "/target"
        HAS_DOCSTRING = 0x4000000
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


        def lines(code):
            # The table of lines without columns: nobody has the source text that these could mark. (InternalDocs/code_objects.md)
            table, line, runs = bytearray(), code.co_firstlineno, []
            for start, end, number in code.co_lines():
                if runs and runs[-1][1] == number:
                    runs[-1][0] += end - start
                else:
                    runs.append([end - start, number])
            for size, number in runs:
                units = size // 2
                while units:
                    some = min(units, 8)
                    units -= some
                    if number is None:
                        table.append(0x80 | 15 << 3 | some - 1)
                        continue
                    table.append(0x80 | 13 << 3 | some - 1)
                    delta, line = number - line, number
                    rest = -delta << 1 | 1 if delta < 0 else delta << 1
                    while rest >= 0x40:
                        table.append(0x40 | rest & 0x3f)
                        rest >>= 6
                    table.append(rest)
            return bytes(table)


        def documentation(code):
            # The position of the docstring among the constants, if nothing else is loaded from there: that of a function, or what
            # a class or a module is documented with.
            loaded, found, argument, constant = [], None, 0, None
            for offset in range(0, len(code.co_code), 2):
                operation, argument = code.co_code[offset], argument << 8 | code.co_code[offset + 1]
                if operation == opmap["EXTENDED_ARG"]:
                    continue
                if operation == opmap["STORE_NAME"] and code.co_names[argument] == "__doc__" and found is None:
                    found = constant
                constant = argument if operation == opmap["LOAD_CONST"] else None
                if constant is not None:
                    loaded.append(constant)
                argument = 0
            if code.co_flags & HAS_DOCSTRING:
                return 0 if 0 not in loaded else None
            return found if loaded.count(found) == 1 else None


        def compact(code, is_documented):
            constants = [compact(one, is_documented) if hasattr(one, "co_consts") else one for one in code.co_consts]
            flags = code.co_flags
            if not is_documented:
                place = documentation(code)
                if place is not None and isinstance(constants[place], str):
                    constants[place] = None
                    flags &= ~HAS_DOCSTRING
            # A tuple that several share stays one.
            changed = any(new is not old for new, old in zip(constants, code.co_consts))
            return code.replace(
                co_linetable=lines(code), co_consts=tuple(constants) if changed else code.co_consts, co_flags=flags)


        class WitWorld(wit_world.WitWorld):
            def compile(self, place, bare, is_documented):
                try:
                    return sum(
                        self.compile_folder(place, folder[len(SOURCE):], names, bare, is_documented)
                        for folder, _, names in os.walk(SOURCE))
                except OSError as error:
                    raise Err(str(error))

            def compile_folder(self, place, folder, names, bare, is_documented):
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
                        content = external._code_to_timestamp_pyc(compact(code, is_documented), 0, 0)
                        path += "c"
                    with open(TARGET + path, "wb") as file:
                        file.write(content)
                return len(names)
        """

    /// Compiles the modules of a folder into another, which is empty.
    ///
    /// - Parameters:
    ///   - place: where the guest will see the folder, which tracebacks tell.
    ///   - bare: names in the folder whose modules lose their docstrings, and what is asserted of these.
    ///   - isDocumented: whether the others keep theirs.
    /// - Throws: ``PythonError`` when that fails, or there are no files.
    func compile(
        _ source: String, to target: String, place: String, bare: [String] = [], isDocumented: Bool = true
    ) throws(PythonError) {
        let errors = OutputCollector()
        do {
            let count = try run(source, target, place, bare, isDocumented, errors)
            guard count > 0 else { throw PythonError.notCompiled(source, "it has no files") }
        } catch let error as PythonError {
            throw error
        } catch {
            throw .notCompiled(source, errors.text, cause: error)
        }
    }

    private func run(
        _ source: String, _ target: String, _ place: String, _ bare: [String], _ isDocumented: Bool,
        _ errors: OutputCollector
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
            .string(place), .list(.values(bare.map { .string($0) })), .bool(isDocumented))
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
