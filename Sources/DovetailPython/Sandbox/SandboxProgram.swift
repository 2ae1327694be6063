// SPDX-License-Identifier: Apache-2.0

/// What runs in a sandbox before anybody's code does: it takes source and names from the host, and gives values back.
enum SandboxProgram {
    /// The name of the module.
    static let module = "dovetail_sandbox"
    /// The folder in which modules are looked for first.
    static let modules = "/modules"

    /// Values cross as `marshal` writes them in its version 2; errors as an exception's class, its words, its traceback, and the
    /// number of the error of the host that led to it.
    static func wit(isAsync: Bool) -> String {
        let functions = """
              import call-async: async func(function: u32, arguments: list<u8>)
                -> result<list<u8>, tuple<string, string, u32>>;
              export run-async: async func(source: string, file: string)
                -> result<_, tuple<string, string, string, u32>>;
              export evaluate-async: async func(expression: string)
                -> result<list<u8>, tuple<string, string, string, u32>>;
              export call-function-async: async func(name: string, arguments: list<u8>)
                -> result<list<u8>, tuple<string, string, string, u32>>;
            """
        return wit + (isAsync ? functions : "") + "}\n"
    }

    private static let wit = """
        package dovetail:python-sandbox;

        world sandbox {
          import call: func(function: u32, arguments: list<u8>) -> result<list<u8>, tuple<string, string, u32>>;
          export run: func(source: string, file: string) -> result<_, tuple<string, string, string, u32>>;
          export evaluate: func(expression: string) -> result<list<u8>, tuple<string, string, string, u32>>;
          export call-function: func(name: string, arguments: list<u8>)
            -> result<list<u8>, tuple<string, string, string, u32>>;
          export assign: func(name: string, value: list<u8>) -> result<_, tuple<string, string, string, u32>>;
          export define: func(module: string, name: string, function: u32, is-async: bool)
            -> result<_, tuple<string, string, string, u32>>;
          export load: func(name: string, source: string) -> result<_, tuple<string, string, string, u32>>;

        """

    /// The text of the module, which imports others besides.
    static func text(importing modules: [String], isAsync: Bool) -> String {
        let program = isAsync ? [code, asyncCode, world + "\n" + asyncMethods] : [code, world]
        return program.joined(separator: "\n\n\n") + "\n\n" + modules.map { "import \($0)\n" }.joined()
    }

    private static let code = #"""
        """Runs code of others, and stands between their values and those of the host."""

        import linecache
        import sys
        import traceback
        from marshal import dumps, loads
        from types import ModuleType

        import wit_world
        from componentize_py_types import Err, Ok, Some

        MARK = StopIteration
        DEPTH = 100
        PLAIN = {type(None), bool, int, float, str, bytes}
        OWN_FILES = (f"/{__name__}.py", "/dovetail_async.py")


        class HostError(Exception):
            """What a function of the host threw."""

            _number = 0


        class Record(dict):
            """A record of the host: its fields are keys, and attributes as well."""

            __slots__ = ()

            def __getattr__(self, name):
                try:
                    return self[name]
                except KeyError:
                    raise AttributeError(f"the record has no field {name!r}", name=name, obj=self) from None

            def __setattr__(self, name, value):
                self[name] = value

            def __repr__(self):
                return f"Record({dict.__repr__(self)})"


        class Case:
            """A case of a variant of the host: its name as in WIT, and its value."""

            __slots__ = ("name", "value")
            __match_args__ = ("name", "value")

            def __init__(self, name, value=None):
                self.name = name
                self.value = value

            def __eq__(self, other):
                return isinstance(other, Case) and (self.name, self.value) == (other.name, other.value)

            def __hash__(self):
                return hash((self.name, self.value))

            def __repr__(self):
                return f"Case({self.name!r}, {self.value!r})"


        def new_module(name, **content):
            module = ModuleType(name)
            module.__dict__.update(content)
            sys.modules[name] = module
            return module


        sys.path.insert(0, "/modules")
        main = new_module("__main__", HostError=HostError)
        new_module("dovetail", Case=Case, Err=Err, HostError=HostError, Ok=Ok, Record=Record, Some=Some)
        for kind in (Case, HostError, Record):
            kind.__module__ = "dovetail"
        MAKERS = {"record": lambda fields: Record(fields), "case": Case, "ok": Ok, "error": Err, "some": Some}


        def built(value):
            """What a value of the host is in Python; tuples that begin with the mark stand for what `marshal` does not know."""
            kind = type(value)
            if kind is list:
                return [built(item) for item in value]
            if kind is dict:
                return {key: built(item) for key, item in value.items()}
            if kind is tuple:
                if value and value[0] is MARK:
                    return MAKERS[value[1]](*[built(item) for item in value[2:]])
                return tuple([built(item) for item in value])
            return value


        def received(content):
            """A value of the host: its first byte says whether there are marks."""
            value = loads(memoryview(content)[1:])
            return built(value) if content[0] else value


        def fields(names, value, depth):
            return (MARK, "record", {name: plain(getattr(value, name), depth) for name in names})


        def plain(value, depth=0):
            """A value as `marshal` knows it."""
            if depth > DEPTH:
                raise ValueError("the value nests too deeply to leave the sandbox")
            depth += 1
            kind = type(value)
            if kind in PLAIN:
                return value
            if kind is Ok or kind is Err or kind is Some:
                return (MARK, {Ok: "ok", Err: "error", Some: "some"}[kind], plain(value.value, depth))
            if kind is Case:
                return (MARK, "case", value.name, plain(value.value, depth))
            if kind is Record:
                return (MARK, "record", {name: plain(item, depth) for name, item in value.items()})
            if hasattr(kind, "__dataclass_fields__"):
                return fields(kind.__dataclass_fields__, value, depth)
            if hasattr(kind, "_value2member_map_"):
                return plain(value.value, depth)
            if isinstance(value, dict):
                return {plain(key, depth): plain(item, depth) for key, item in dict.items(value)}
            if isinstance(value, tuple):
                if hasattr(kind, "_fields"):
                    return fields(kind._fields, value, depth)
                return tuple([plain(item, depth) for item in tuple.__iter__(value)])
            if isinstance(value, (list, set, frozenset)):
                return [plain(item, depth) for item in value]
            if isinstance(value, (bytearray, memoryview, bytes)):
                return bytes(value)
            for base in (int, float, str):
                if isinstance(value, base):
                    return base(value)
            raise TypeError(f"a value of the type `{kind.__name__}` cannot leave the sandbox: "
                            "expected None, numbers, str, bytes, list, tuple, dict, set, dataclasses or what `dovetail` has")


        def is_plain(value, depth=0):
            """Whether `marshal` knows all of a value; it would not notice in time that one nests too deeply for the stack."""
            kind = type(value)
            if kind in PLAIN:
                return True
            if depth > DEPTH:
                raise ValueError("the value nests too deeply to leave the sandbox")
            if kind is dict:
                items = [*value, *value.values()]
            elif kind is list or kind is tuple or kind is set or kind is frozenset:
                items = value
            else:
                return False
            return PLAIN.issuperset(map(type, items)) or all([is_plain(item, depth + 1) for item in items])


        def sent(value):
            return dumps(value if is_plain(value) else plain(value), 2)


        def remember(file, source):
            """Keeps the source for tracebacks."""
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)


        def told(error):
            """What the host is told of an exception; whatever its methods do, that is not what goes wrong."""
            kind = type(error)
            name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
            try:
                message = str(error)
            except BaseException:
                message = ""
            try:
                exception = traceback.TracebackException(kind, error, error.__traceback__)
                seen = [exception]
                while seen:
                    one = seen.pop()
                    one.stack[:] = [frame for frame in one.stack if not frame.filename.endswith(OWN_FILES)]
                    seen += [other for other in (one.__cause__, one.__context__) if other]
                    if one.exceptions:
                        seen += one.exceptions
                text = "".join(exception.format())
            except BaseException:
                text = f"{name}: {message}"
            number, one, steps = 0, error, 0
            while one is not None and not number and steps < DEPTH:
                number = one._number if isinstance(one, HostError) else 0
                one, steps = one.__cause__ or one.__context__, steps + 1
            clean = lambda text: text.encode("utf-8", "backslashreplace").decode()
            return Err((clean(name), clean(message), clean(text), number if type(number) is int and 0 <= number < 1 << 32 else 0))


        def found(name):
            first, *rest = name.split(".")
            if first in main.__dict__:
                value = main.__dict__[first]
            elif rest and first in sys.modules:
                value = sys.modules[first]
            else:
                raise NameError(f"name {first!r} is not defined", name=first)
            for part in rest:
                value = getattr(value, part)
            return value


        def failure(kind, message, number):
            """What a function of the host raises."""
            error = TypeError(message) if kind == "TypeError" else HostError(message)
            if number:
                error._number = number
            return error


        def function(number, name):
            def function(*arguments):
                try:
                    return received(wit_world.call(number, sent(arguments)))
                except Err as error:
                    reason = error.value
                raise failure(*reason)

            function.__name__ = function.__qualname__ = name
            return function


        def guarded(work):
            """Makes errors of whatever a method does results of it."""

            def method(self, *arguments):
                try:
                    return work(*arguments)
                except BaseException as error:
                    failure = told(error)
                raise failure

            return method


        def run(source, file):
            remember(file, source)
            exec(compile(source, file, "exec", dont_inherit=True), main.__dict__)


        def evaluate(expression):
            remember("<expression>", expression)
            return sent(eval(compile(expression, "<expression>", "eval", dont_inherit=True), main.__dict__))


        def call_function(name, arguments):
            return sent(found(name)(*received(arguments)))


        def assign(name, value):
            main.__dict__[name] = received(value)


        def define(module, name, number, is_async):
            target = main
            if module:
                target = sys.modules.get(module) or new_module(module)
            setattr(target, name, (async_function if is_async else function)(number, name))


        def load(name, source):
            file = f"<{name}>"
            remember(file, source)
            code = compile(source, file, "exec", dont_inherit=True)
            module = new_module(name, __file__=file)
            try:
                exec(code, module.__dict__)
            except BaseException:
                sys.modules.pop(name, None)
                raise
        """#

    private static let world = #"""
        class WitWorld(wit_world.WitWorld):
            run = guarded(run)
            evaluate = guarded(evaluate)
            call_function = guarded(call_function)
            assign = guarded(assign)
            define = guarded(define)
            load = guarded(load)
        """#

    /// What waits: functions of the host, and whatever is called or run by the host's async functions.
    private static let asyncCode = #"""
        import asyncio

        TOP_LEVEL_AWAIT = 0x2000
        IS_COROUTINE = 0x80


        def async_function(number, name):
            async def function(*arguments):
                try:
                    return received(await wit_world.call_async(number, sent(arguments)))
                except Err as error:
                    reason = error.value
                raise failure(*reason)

            function.__name__ = function.__qualname__ = name
            return function


        async def awaited(value):
            return await value if hasattr(type(value), "__await__") else value


        async def executed(source, file, kind):
            remember(file, source)
            code = compile(source, file, kind, TOP_LEVEL_AWAIT, dont_inherit=True)
            value = eval(code, main.__dict__)
            return await value if code.co_flags & IS_COROUTINE else value


        async def run_async(source, file):
            await executed(source, file, "exec")


        async def evaluate_async(expression):
            return sent(await executed(expression, "<expression>", "eval"))


        async def call_function_async(name, arguments):
            return sent(await awaited(found(name)(*received(arguments))))


        def guarded_async(work):
            """The same as `guarded`; a call that the host cancels ends as one that is cancelled."""

            async def method(self, *arguments):
                try:
                    return await work(*arguments)
                except BaseException as error:
                    if isinstance(error, asyncio.CancelledError) and asyncio.current_task().cancelling():
                        raise
                    failure = told(error)
                raise failure

            return method
        """#

    private static let asyncMethods = #"""
            run_async = guarded_async(run_async)
            evaluate_async = guarded_async(evaluate_async)
            call_function_async = guarded_async(call_function_async)
        """#
}
