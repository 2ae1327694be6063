// SPDX-License-Identifier: Apache-2.0

/// The module that imports the app before the snapshot is taken, and keeps the code of what it may import later.
///
/// It stands for the app: whoever imports it gets the app's module.
struct AppLoader {
    /// The name of the module.
    static let name = "dovetail_app"

    /// The name of the module that it is made of, which is imported as soon as there are bindings: what comes before an app is the
    /// same for all apps, and so are their memories until then.
    static let commonName = "dovetail_loader"

    /// The module of the app.
    var app: String
    /// The folders of the app, as the guest knows them.
    var folders: [String]
    /// Modules of the app with classes of exported resources, where it has them.
    var resourceModules: [String]
    /// Modules that are carried whatever the code names.
    var included: [String]
    /// Packages whose files are carried, besides their modules.
    var dataPackages: [String] = []
    /// Expressions that are evaluated in the app once it has been imported, so that what they import is there.
    var warmUps: [String]
    /// Whether the module says on standard output which native extensions are used.
    var reportsExtensions = false

    /// The file in ``PythonComponentizer/Folder/world`` with what is told to the module.
    static let parametersFile = name + ".txt"

    /// Packages of bindings inside packages of the app, where others may lie that are not those of the component.
    var replaced: [String] = []

    /// Whether the component keeps the source text of what is imported of the app, for tracebacks.
    var keepsSources = false

    /// Whether there is a loop.
    var waits = false

    /// The parts of the interpreter that are left out when nothing names their modules.
    var parts: [InterpreterPart] = []

    /// The text of the module.
    static var text: String {
        "import \(commonName)\n\n\(commonName).load(\"\(PythonComponentizer.Folder.world)\", \"\(parametersFile)\", __name__)\n"
    }

    /// The text of the module that it is made of: one for apps with a loop, and one for those without.
    var commonText: String { Self.code + (waits ? "\n\nimport dovetail_async\n" : "\n") }

    /// What is told to the module.
    var parameters: String {
        "(\(Self.literal(app)), \(Self.list(folders)), \(Self.list(resourceModules)), "
            + "\(Self.list(included)), \(Self.list(warmUps)), \(reportsExtensions ? "True" : "False"), {"
            + parts.map { "\(Self.literal($0.name)): \(Self.list($0.modules))" }.joined(separator: ", ")
            + "}, \(Self.list(replaced)), \(Self.literal(keepsSources ? Self.keepingSources : "")), "
            + "\(Self.list(dataPackages)), \(Self.literal(Self.carryingData)))\n"
    }

    /// What the module wrote on standard output.
    struct Report {
        /// What the app wrote.
        var output = ""
        /// The native extensions that are used, by their paths.
        var extensions: Set<String> = []
        /// The names of the parts of the interpreter that nothing names.
        var omitted: Set<String> = []
        /// The packages whose files are carried, and what is to be said of these.
        var data: [(package: String, text: String)] = []

        /// Takes apart what was written.
        init(_ text: String) {
            var rest = text[...]
            while !rest.isEmpty {
                let end = rest.firstIndex(of: "\n").map { rest.index(after: $0) } ?? rest.endIndex
                let line = rest[..<end]
                rest = rest[end...]
                // The app may have written a line that has no end.
                let name = { (mark: Range<Substring.Index>) in String(line[mark.upperBound...].prefix { $0 != "\n" }) }
                if let mark = line.firstRange(of: extensionMark) {
                    extensions.insert(name(mark))
                    output += line[..<mark.lowerBound]
                } else if let mark = line.firstRange(of: partMark) {
                    omitted.insert(name(mark))
                    output += line[..<mark.lowerBound]
                } else if let mark = line.firstRange(of: dataMark) {
                    let words = name(mark).split(separator: " ", maxSplits: 1).map(String.init)
                    if words.count == 2 { data.append((words[0], words[1])) }
                    output += line[..<mark.lowerBound]
                } else {
                    output += line
                }
            }
        }
    }

    /// What comes before the path of an extension that is used; no text of an app begins so.
    private static let extensionMark = "\0dovetail-extension:"
    /// What comes before the name of a part that nothing names.
    private static let partMark = "\0dovetail-omitted:"

    /// What comes before the name of a package whose files are carried.
    private static let dataMark = "\0dovetail-data:"

    private static func list(_ texts: [String]) -> String { "[" + texts.map(literal).joined(separator: ", ") + "]" }

    /// A literal in Python; whatever is no plain character is escaped.
    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, scalar.value >= 0x20, scalar.value != 0x7f, scalar != "\"", scalar != "\\" {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// What is done in addition where source text is kept: `traceback` gets its lines from `linecache`, which asks for a text when it needs it.
    private static let keepingSources = """
        import linecache, traceback

        origins = [spec.origin for spec in specifications() if spec]
        for path in [*origins, *(origin for _, origin, _ in Carried.modules.values())]:
            if path and path.startswith("/app/") and path.endswith(".py"):
                with open(path, "rb") as file:
                    linecache.cache[path] = (_bootstrap_external.decode_source(file.read()).__str__,)

        """

    /// What is done in addition where files of packages are carried: there are no folders later, so `importlib.resources`, `pkgutil` and `open` get
    /// them from memory.
    private static let carryingData = #"""
        class Data:
            """A file or folder of a package, as importlib.resources wants it."""

            # What is packed of files, and the names in folders, by their paths.
            files = {}
            folders = {}

            def __init__(self, path):
                self.path = path

            @property
            def name(self):
                return self.path.rpartition("/")[2]

            def __str__(self):
                return self.path

            def is_file(self):
                return self.path in Data.files

            def is_dir(self):
                return self.path in Data.folders

            def iterdir(self):
                if self.path not in Data.folders:
                    raise FileNotFoundError(44, "No such file or directory", self.path)
                return iter([Data(f"{self.path}/{name}") for name in Data.folders[self.path]])

            def joinpath(self, *others):
                path = self.path
                for part in "/".join(map(str, others)).split("/"):
                    if part == "..":
                        path = path.rpartition("/")[0]
                    elif part not in ("", "."):
                        path = f"{path}/{part}"
                return Data(path)

            __truediv__ = joinpath

            def read_bytes(self):
                if self.path in Data.folders:
                    raise IsADirectoryError(31, "Is a directory", self.path)
                if self.path not in Data.files:
                    raise FileNotFoundError(44, "No such file or directory", self.path)
                return Carried.unpack(Data.files[self.path])

            def read_text(self, encoding=None, errors=None):
                return self.open("r", encoding, errors).read()

            def open(self, mode="r", encoding=None, errors=None, newline=None):
                from io import BytesIO, TextIOWrapper

                file = BytesIO(self.read_bytes())
                return file if "b" in mode else TextIOWrapper(file, encoding or "utf-8", errors, newline)


        class Reader:
            """What the loader of a package gives importlib.resources."""

            def __init__(self, path):
                self.path = path

            def files(self):
                return Data(self.path)


        def carry_data(names, packages):
            from posix import listdir, write

            wanted = dict.fromkeys(packages)
            if ("zoneinfo" in sys.modules or "zoneinfo" in Carried.modules) and search("tzdata"):
                wanted["tzdata"] = None
            if not wanted:
                return
            same, modules, said = {}, [], []
            for package in wanted:
                spec = getattr(sys.modules.get(package), "__spec__", None) or search(package)
                if spec is None or spec.submodule_search_locations is None:
                    raise ModuleNotFoundError(f"No package named {package!r}, which `--include-data` names", name=package)
                count, size = 0, 0
                pending = [(package, place) for place in spec.submodule_search_locations]
                while pending:
                    name, folder = pending.pop()
                    Data.folders[folder] = entries = []
                    for entry in sorted(listdir(folder)):
                        path = f"{folder}/{entry}"
                        if stat(path).st_mode & 0o170000 == 0o040000:
                            if entry != "__pycache__":
                                entries.append(entry)
                                pending.append((f"{name}.{entry}", path))
                        elif entry in ("__init__.py", "__init__.pyc"):
                            modules.append(name)
                        elif not entry.endswith((".py", ".pyc", ".so")):
                            entries.append(entry)
                            with open(path, "rb") as file:
                                content = file.read()
                            count += 1
                            # Many time zones have several names.
                            if content not in same:
                                same[content] = content
                                size += len(content)
                            Data.files[path] = same[content]
                said.append((package, count, size))
            carry(names, ["importlib.resources", "importlib.resources._adapters", *modules])
            pack = bytes if Carried.unpack is bytes else import_module("zlib").compress
            packed = {id(content): pack(content) for content in same}
            for path, content in Data.files.items():
                Data.files[path] = packed[id(content)]
            for package, count, size in said:
                write(1, f"\0dovetail-data:{package} {count} {'file' if count == 1 else 'files'}, {(size + 999) // 1000} kB\n".encode())
            serve_data()


        def serve_data():
            import builtins, io
            from posix import fspath

            def get_resource_reader(name):
                return Reader(Carried.modules[name][1].rpartition("/")[0])

            Carried.get_resource_reader = staticmethod(get_resource_reader)
            Carried.get_data = staticmethod(lambda path: Data(path).read_bytes())
            loader = _bootstrap_external.FileLoader
            plain_reader, plain_data, plain_open = loader.get_resource_reader, loader.get_data, io.open

            def reader(self, name=None):
                folder = self.path.rpartition("/")[0]
                return Reader(folder) if folder in Data.folders else plain_reader(self, name)

            def get_data(self, path):
                return Data(path).read_bytes() if path in Data.files else plain_data(self, path)

            def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
                if not isinstance(file, (int, bytes)) and set(mode) <= {"r", "b", "t"}:
                    path = fspath(file)
                    if path in Data.files:
                        return Data(path).open(mode, encoding, errors, newline)
                return plain_open(file, mode, buffering, encoding, errors, newline, closefd, opener)

            loader.get_resource_reader, loader.get_data = reader, get_data
            builtins.open = io.open = open

        """#

    /// Byte code is read instead of source text, because packages may come without it, and because the code of each module that is
    /// imported has been made anyway. What modules of the standard library name within functions is left out: that would be most of
    /// the library.
    private static let code = #"""
        """Stands for the app, which it imports before the component is written down."""

        import sys
        from importlib import _bootstrap, _bootstrap_external, import_module
        from marshal import dumps, loads
        from posix import stat

        # What is imported by C code, by the name of what makes it do so.
        HIDDEN = {"strptime": "_strptime"}
        # What C code of a module imports when it is called, or for it: socket encodes the names of hosts.
        CALLED = {
            "numpy.random.bit_generator": ["secrets"],
            "numpy.random._generator": ["numpy.random._pickle"],
            "socket": ["encodings.idna"],
            "sysconfig": ["_sysconfigdata__wasi_wasm32-wasi"],
        }

        # Modules whose functions name a part of the interpreter that they hardly ever need: for characters by name in patterns, for the
        # width of characters in lines of source text, which a component does not have, and for archives with modules.
        INDIFFERENT = {"re._parser", "traceback", "zipimport"}

        # What functions of packages import for people at a terminal, to show them documentation, which components do not have.
        INTERACTIVE = {"pydoc"}


        class Carried:
            """Finds modules that the app had not imported when it became a component."""

            modules = {}
            unpack = bytes

            @classmethod
            def find_spec(cls, name, path=None, target=None):
                found = cls.modules.get(name)
                if found is None:
                    return None
                is_package, origin, code = found
                if code is None:
                    loader = _bootstrap_external.ExtensionFileLoader(name, origin)
                    return _bootstrap_external.spec_from_file_location(name, origin, loader=loader)
                spec = _bootstrap.ModuleSpec(name, cls, origin=origin, is_package=is_package)
                if is_package:
                    spec.submodule_search_locations.append(origin.rpartition("/")[0])
                spec.has_location = True
                return spec

            @staticmethod
            def create_module(spec):
                return None

            @classmethod
            def exec_module(cls, module):
                exec(cls.get_code(module.__name__), module.__dict__)
                adapt(module)

            @classmethod
            def get_code(cls, name):
                return loads(cls.unpack(cls.modules[name][2]))

            @classmethod
            def is_package(cls, name):
                return cls.modules[name][0]


        class Omitted:
            """Says of built-in modules that are left out that they are not there."""

            modules = set()

            @classmethod
            def find_spec(cls, name, path=None, target=None):
                if name in cls.modules:
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)


        def adapt(module):
            """Lets tracebacks do without the width of characters."""
            if module.__name__ == "traceback" and "unicodedata" in Omitted.modules:
                module._display_width = lambda line, offset=None: len(line) if offset is None else offset


        def explain(kind, error, traceback):
            """Says of a module that is missing how it gets into the component."""
            sys.__excepthook__(kind, error, traceback)
            if issubclass(kind, ModuleNotFoundError) and error.name and sys.stderr:
                sys.stderr.write(
                    f"`{error.name}` was not imported when the component was made; "
                    f"`dovetail componentize --include {error.name}` carries it\n")


        class Names:
            """The modules that code names."""

            def __init__(self):
                from _opcode_metadata import opmap

                del sys.modules["_opcode_metadata"]
                self.import_name = opmap["IMPORT_NAME"]
                self.small = opmap["LOAD_SMALL_INT"]
                self.constant = opmap["LOAD_CONST"]
                self.extended = opmap["EXTENDED_ARG"]
                # In the order in which they were found, so that two components of an app are the same.
                self.found = {}
                # Everything that was found at any time, and built-in modules that code could come to need.
                self.mentioned = set()
                # What code names that could be an attribute, and by such a name what a package imports when it is asked for it (PEP 562).
                self.attributes = set()
                # The native extensions that were opened, or were to be: those that are not linked cannot be.
                self.opened = {}
                self.waiting = {}

            def read(self, code, package, functions):
                """Reads the code of a module; what functions name only if that is wanted."""
                waits = functions and code.co_qualname == "__getattr__"
                if functions:
                    if not waits:
                        self.attributes.update(code.co_names)
                    for name in code.co_names:
                        if name in HIDDEN:
                            self.found[HIDDEN[name]] = None
                        if name in ("eval", "exec"):
                            self.mentioned.add("unicodedata")
                    for constant in code.co_consts:
                        if isinstance(constant, str) and ("\\N{" in constant or constant == "unicode_escape"):
                            self.mentioned.add("unicodedata")
                content = code.co_code
                level, names, argument = 0, None, 0
                for offset in range(0, len(content), 2):
                    operation, argument = content[offset], argument << 8 | content[offset + 1]
                    if operation == self.extended:
                        continue
                    if operation == self.small:
                        level, names = argument, None
                    elif operation == self.constant:
                        names = code.co_consts[argument]
                    elif operation == self.import_name:
                        name = code.co_names[argument]
                        # Code of functions has variables of its own.
                        if name not in INTERACTIVE or not code.co_flags & 2:
                            self.add(name, names, level, package, waits)
                    argument = 0
                for constant in code.co_consts:
                    # Functions have names of their own; bodies of classes are run where they stand.
                    if hasattr(constant, "co_consts") and (functions or not constant.co_flags & 2):
                        self.read(constant, package, functions)

            def follow(self):
                """Reads the byte code of packages when it is loaded, and sees what is opened, until what is returned is called."""
                from _imp import _fix_co_filename

                loader = _bootstrap_external.SourcelessFileLoader
                load = loader.get_code

                def get_code(loader, name):
                    code = load(loader, name)
                    path = loader.path
                    if code is not None and path.startswith("/app/"):
                        # It was compiled elsewhere.
                        _fix_co_filename(code, path[:-1])
                        package = name if path.endswith("/__init__.pyc") else name.rpartition(".")[0]
                        self.read(code, package, True)
                    return code

                opener = _bootstrap_external.ExtensionFileLoader
                create = opener.create_module

                def create_module(loader, spec):
                    self.opened[loader.path] = None
                    return create(loader, spec)

                def end():
                    loader.get_code, opener.create_module = load, create

                loader.get_code, opener.create_module = get_code, create_module
                return end

            def add(self, name, names, level, package, waits=False):
                if level:
                    if not package:
                        return
                    try:
                        name = _bootstrap._resolve_name(name, package, level)
                    except ImportError:
                        return
                parts = [f"{name}.{part}" for part in names if part != "*"] if isinstance(names, tuple) else []
                if waits:
                    for part in parts or [name]:
                        self.waiting.setdefault(part.rpartition(".")[2], {}).update({name: None, part: None})
                    return
                self.found[name] = None
                self.mentioned.add(name)
                self.found.update(dict.fromkeys(parts))

            def awaited(self):
                """What packages will be asked for, and import then."""
                names = {}
                for attribute in [name for name in self.waiting if name in self.attributes]:
                    names.update(self.waiting.pop(attribute))
                self.mentioned.update(names)
                return names


        def search(name):
            """The specification of a module that is not imported, nor are the packages around it."""
            package = name.rpartition(".")[0]
            path = None
            if package:
                around = sys.modules.get(package)
                path = getattr(around, "__path__", None)
                if around is None:
                    found = search(package)
                    path = found and found.submodule_search_locations
                if path is None:
                    return None
            return _bootstrap._find_spec(name, path)


        def code_of(spec):
            """The file of a module, and its code; no code for what is not in Python, or cannot be compiled."""
            if spec.loader is None:
                # A package without a file of its own.
                origin = f"{next(iter(spec.submodule_search_locations))}/__init__.py"
                return origin, compile("", origin, "exec")
            get_code = getattr(spec.loader, "get_code", None)
            if get_code is None or spec.origin in ("built-in", "frozen"):
                return spec.origin, None
            try:
                return spec.origin, get_code(spec.name)
            except (SyntaxError, ValueError):
                return spec.origin, None


        def specifications():
            return [getattr(module, "__spec__", None) for module in [*sys.modules.values()]]


        def is_test(name):
            """Whether a module is a test inside a package: nobody runs tests in a component, and they name half of the library."""
            return any(part in ("test", "tests", "conftest") or part.startswith("test_") for part in name.split(".")[1:])


        def carry(names, included):
            """Keeps the code of modules that are named, and of those that these need when they are imported."""
            pending = [*included, *names.found]
            for name, others in CALLED.items():
                if name in sys.modules:
                    pending += others
            pack = bytes
            if any(spec and spec.origin and spec.origin.endswith(".so") for spec in specifications()):
                # Packages with native code have so many modules that it pays. Code that names zlib would keep it in all components.
                zlib = import_module("zlib")
                pack, Carried.unpack = zlib.compress, zlib.decompress
            known, read = set(), set()
            while pending or pending.extend(names.awaited()) or pending:
                name = pending.pop()
                package = name.rpartition(".")[0]
                if package and package not in known:
                    pending += [name, package]
                    known.add(package)
                    continue
                if name in sys.modules or name in Carried.modules or is_test(name) and name not in included:
                    continue
                spec = search(name)
                if spec is None:
                    if name in included:
                        raise ModuleNotFoundError(f"No module named {name!r}, which `--include` names", name=name)
                    continue
                pending += CALLED.get(name, ())
                origin, code = code_of(spec)
                if isinstance(spec.loader, _bootstrap_external.ExtensionFileLoader):
                    Carried.modules[name] = (False, origin, None)
                is_package = spec.submodule_search_locations is not None
                if code is not None:
                    Carried.modules[name] = (is_package, origin, pack(dumps(code)))
                elif origin == "frozen" and name not in read:
                    # It is inside CPython, what it imports need not be.
                    read.add(name)
                    code = spec.loader.get_code(name)
                if code is None:
                    continue
                names.found = {}
                names.read(code, name if is_package else package, origin.startswith("/app/"))
                pending += names.found


        def omit(parts, mentioned):
            """Finds the parts of the interpreter that nothing can name any more, and lets their modules be missing."""
            import gc
            from types import FunctionType

            wanted = {module for modules in parts.values() for module in modules}
            seen = wanted & (mentioned | set(sys.modules))

            def look(code):
                seen.update(wanted.intersection(code.co_names))
                for constant in code.co_consts:
                    if hasattr(constant, "co_consts"):
                        look(constant)

            for item in gc.get_objects():
                if type(item) is FunctionType and item.__module__ not in INDIFFERENT:
                    look(item.__code__)
            for name, (_, _, code) in Carried.modules.items():
                if code is not None and name not in INDIFFERENT:
                    look(Carried.get_code(name))
            from posix import write

            for part, modules in parts.items():
                if seen.isdisjoint(modules):
                    Omitted.modules.update(modules)
                    write(1, f"\0dovetail-omitted:{part}\n".encode())
            if Omitted.modules:
                sys.meta_path.insert(0, Omitted)
                sys.builtin_module_names = tuple(
                    name for name in sys.builtin_module_names if name not in Omitted.modules)
            if "traceback" in sys.modules:
                adapt(sys.modules["traceback"])


        def report(opened):
            """Says which native extensions are used: whoever links the component leaves out the others."""
            from posix import write

            paths = [spec.origin for spec in specifications() if spec and spec.origin and spec.origin.endswith(".so")]
            paths += opened
            paths += [origin for _, origin, code in Carried.modules.values() if code is None]
            for path in paths:
                write(1, f"\0dovetail-extension:{path}\n".encode())


        class Present:
            """The names in a folder of the app, each looked for when it is asked for: a listing would leave traces of all that lies
            beside the app, and two components of it would differ."""

            def __init__(self, folder):
                self.folder = folder

            def __contains__(self, name):
                try:
                    stat(f"{self.folder}/{name}")
                except (OSError, ValueError):
                    return False
                return True


        class Bindings:
            """Finds the bindings inside packages of the app, which may have others for type checkers."""

            def __init__(self, folder, packages):
                self.places = {name: f"{folder}/{name.replace('.', '/')}" for name in packages}

            def find_spec(self, name, path=None, target=None):
                place = self.places.get(name)
                return place and _bootstrap_external.spec_from_file_location(
                    name, f"{place}/__init__.py", submodule_search_locations=[place])


        def without_caches(self, path):
            """Lets no byte code be looked for that another Python has left beside the app."""
            raise OSError


        def load(world, parameters, own_name):
            # From here on, each app has a memory of its own.
            names = Names()
            sys.path_importer_cache.clear()
            with open(f"{world}/{parameters}", encoding="utf-8") as file:
                app, folders, resource_modules, included, warm_ups, reports, parts, replaced, more, packages, data = eval(
                    file.read())
            sys.path[:] = [world, "/bindings", "/python"]
            end_following = names.follow()
            try:
                # Changes modules for HTTP when they are imported.
                import_module("dovetail_http")
            except ModuleNotFoundError:
                pass
            loader = _bootstrap_external.SourceLoader
            compiled = loader.source_to_code

            def source_to_code(self, data, path, **options):
                code = compiled(self, data, path, **options)
                package = self.name if path.endswith("/__init__.py") else self.name.rpartition(".")[0]
                names.read(code, package, True)
                return code

            finder, reader = _bootstrap_external.FileFinder, _bootstrap_external.SourceFileLoader
            filled, path_stats = finder._fill_cache, reader.path_stats

            def fill(self):
                if self.path.startswith("/app/"):
                    self._path_cache = Present(self.path)
                else:
                    filled(self)

            loader.source_to_code, finder._fill_cache, reader.path_stats = source_to_code, fill, without_caches
            sys.path[2:2] = folders
            if replaced:
                bindings = Bindings(world, replaced)
                sys.meta_path.insert(0, bindings)
            try:
                module = import_module(app) if app else sys.modules[own_name]
                for name in resource_modules:
                    try:
                        import_module(name)
                    except ModuleNotFoundError as error:
                        # Where it is missing, whoever looks for its classes says so.
                        if error.name != name:
                            raise
                for expression in warm_ups:
                    eval(compile(expression, "--warm", "eval"), vars(module))
                carry(names, included)
                if packages or "zoneinfo" in sys.modules or "zoneinfo" in Carried.modules:
                    exec(data, globals())
                    carry_data(names, packages)
                if more:
                    exec(more, globals())
                if reports:
                    report(names.opened)
                if parts:
                    omit(parts, names.mentioned | set(included))
            finally:
                loader.source_to_code, finder._fill_cache, reader.path_stats = compiled, filled, path_stats
                if replaced:
                    sys.meta_path.remove(bindings)
            end_following()
            sys.meta_path.append(Carried)
            sys.excepthook = explain
            sys.path_importer_cache.clear()
            sys.modules[own_name] = module
        """#
}
