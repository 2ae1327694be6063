# SPDX-License-Identifier: Apache-2.0
"""Swift code that calls a component through its generated bindings and implements its imports on them, as a user would."""
import re

from bindings import Bindings, Function, arguments_of, base, declarations, functions, split

NEEDS_ASYNC = "async functions, streams, futures: the driver's calls are synchronous"
# Codecs of what the host cannot read or write yet.
STREAMS = re.compile(r"\b(StreamReader|FutureReader|StreamCodec|FutureCodec|ErrorContext\w*)\b")

# A name, perhaps its interface, the codecs of the parameters as one and of the result.
FUNCTION = r'\( ?"([^"]+)",(?: in: "([^"]+)",)? parameters: (.*?)\.self, result: (.*?)\.self ?\)$'
DEFINITION = re.compile(r"linker\.define" + FUNCTION)
BINDING = re.compile(r"(_\w+) = exports\.function" + FUNCTION)
INITIALIZER = re.compile(r"convenience init\(in interface: [^,)]+(?:, (.*))?\)( async)? throws$")


class LeftOut(Exception):
    """Why the driver does not call a component."""


# MARK: Codecs


def parts_of(kind, count):
    """The codecs of the parameters."""
    if count < 2:
        return [kind][:count]
    return arguments_of(kind)


def is_fallible(result):
    """Whether the error of the result is thrown."""
    return base(result) == "ResultCodec"


# MARK: The host


def host_function(scope, function, name, given, result, receiver, out=lambda text: text):
    """A function or property of the host; `receiver` is its own handle, for one of a resource."""
    if function.is_async or STREAMS.search(f"{given} {result}"):
        raise LeftOut(NEEDS_ASYNC)
    first = [receiver] if receiver else []
    kinds = parts_of(given, len(function.parameters) + len(first))
    if len(kinds) != len(function.parameters) + len(first):
        raise LeftOut("imports of a form unknown here")
    values = ["self"] * len(first) + [own for _, own, _ in function.parameters]
    whole = "Empty()" if not values else values[0] if len(values) == 1 else f"({', '.join(values)})"
    lines = [out(function.declaration) + " {"]
    if function.is_property:
        lines.append("get throws {")
    lines.append(f'let r = try host.answer("{name}", {len(values)}, {whole}, {out(given)}.self, {out(result)}.self)')
    value = "try r.get()" if is_fallible(result) else "r"
    lines.append(("return " if function.returned else "_ = ") + value)
    return lines + ["}"] * (2 if function.is_property else 1)


def host(bindings):
    """Types that implement the world's imports, and how they are made known to a `TypedContext`."""
    if not bindings.imported:
        return "", [], False
    world = bindings.world
    resources, made, members, seen = [], [], [], {}
    for scope in bindings.imported:
        names, defined, methods = {}, {}, {}
        for item in scope.definitions:
            text = item.head
            if match := re.match(r'linker\.defineHostResource\("([^"]+)"(?:, in: "[^"]+")?, \(any (`?\w+`?)\)\.self\)', text):
                names[match[1]] = match[2]
            elif match := DEFINITION.match(text):
                full = f"{match[2]}#{match[1]}" if match[2] else match[1]
                # Objects that are lent to their methods are only there inside of a closure.
                swift = (re.search(r"(host\(caller\))\.(`?[A-Za-z_]\w*`?)", item.body)
                         or re.search(r"(\$0|\bp\.0|\bp)\.(?!with\b)(`?[A-Za-z_]\w*`?)", item.body))
                given = match[3].replace("HostLentCodec<", "HostBorrowCodec<")
                owner = re.match(r"\[method\]([^.]+)\.", match[1])
                if swift[1] == "host(caller)":
                    defined[swift[2]] = (full, given, match[4])
                else:
                    methods[owner[1], swift[2]] = (full, given, match[4])
        for wit, swift in names.items():
            lines = [f"final class Driver{swift}: {swift}, TypedObject {{", "let resource: Resource", "let host: TypedHost",
                     "init(_ resource: Resource, _ host: TypedHost) {", "self.resource = resource", "self.host = host", "}"]
            for function in functions(scope.protocols[swift].members()):
                name, given, result = methods[wit, function.name]
                lines += host_function(scope, function, name, given, result, True)
            resources += [f"extension {scope.path} {{", *lines, "}", "}"]
            made.append(f"context.makers[ObjectIdentifier((any {scope.path}.{swift}).self)] = "
                        f"{{ {scope.path}.Driver{swift}($0, $1) as any {scope.path}.{swift} }}")
        protocol = scope.protocols.get("Functions" if scope is bindings.root else "Imports")
        if not protocol:
            continue
        for function in functions(protocol.members()):
            if function.name not in defined:
                raise LeftOut("imports of a form unknown here")
            key = (function.name, tuple((label, scope.qualified(kind)) for label, _, kind in function.parameters),
                   scope.qualified(function.returned))
            if key in seen:
                raise LeftOut("two interfaces that import the same function")
            seen[key] = scope
            name, given, result = defined[function.name]
            members += host_function(scope, function, name, given, result, False, scope.qualified)
    needs_host = any(re.match(r"typealias Imports\b", item.head) for item in bindings.root.members)
    code = list(resources)
    if needs_host:
        code += [f"extension {world} {{", "struct DriverHost: Imports {", "let host: TypedHost", *members, "}", "}"]
    return "\n".join(code), made, needs_host


# MARK: Types that hold handles


def handled(bindings):
    """Codecs of values that hold handles; all others go through memory."""
    code = []
    for scope in bindings.scopes:
        for kind, name, declaration in scope.handled:
            path = f"{scope.path}.{name}"
            code += [f"extension {path}.Codec: HandledCodec {{"]
            inner = declaration.members()
            codec = next(item for item in inner if item.head.startswith("enum Codec"))
            shape = next(item for item in codec.members() if item.head.startswith("static var shape"))
            parts = split(" ".join(shape.body.split()).partition("([")[2].rpartition("])")[0])
            # A label, and the codec of what is under it.
            parts = [re.match(r'(?:\w+\.)?(?:Field|Case)Shape\(\s*"([^"]*)"(?:, (.*)\.shape)?\s*\)$', part).groups()
                     for part in parts]
            parts = [(label, kind and scope.qualified(kind)) for label, kind in parts]
            if kind == "struct":
                stored = [item.head for item in inner if item.head.startswith("var ") and item.body is None]
                fields = [re.match(r"var (`?\w+`?): ", head)[1] for head in stored]
                arguments = ", ".join(f'{field.strip("`")}: try context.typed(fields["{label}"], {own}.self)'
                                      for field, (label, own) in zip(fields, parts))
                code += [f"static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> {path} {{",
                         "let fields = try dynamic.fields()", f"return {path}({arguments})", "}",
                         f"static func dynamic(_ value: {path}, _ context: TypedContext) throws -> Dynamic {{",
                         ".record(["]
                code += [f'try context.field("{label}", value.{field}, {own}.self),'
                         for field, (label, own) in zip(fields, parts)]
                code += ["])", "}", "}"]
                continue
            cases = [re.match(r"case (`?\w+`?)(\()?", item.head) for item in inner if item.head.startswith("case ")]
            code += [f"static func make(_ dynamic: Dynamic, _ context: TypedContext) throws -> {path} {{",
                     "let (name, payload) = try dynamic.variantCase()", "switch name {"]
            for item, (label, own) in zip(cases, parts):
                code.append(f'case "{label}": return .{item[1]}'
                            + (f"(try context.typed(payload, {own}.self))" if own else ""))
            code += ['default: throw CaseFailure("there is no case `\\(name)`")', "}", "}",
                     f"static func dynamic(_ value: {path}, _ context: TypedContext) throws -> Dynamic {{",
                     "switch value {"]
            for item, (label, own) in zip(cases, parts):
                code.append(f'case .{item[1]}(let payload): .variant("{label}", try context.dynamic(payload, {own}.self))'
                            if own else f'case .{item[1]}: .variant("{label}", nil)')
            code += ["}", "}", "}"]
    return "\n".join(code)


# MARK: The exports


def exports(bindings, wanted):
    """What calls the exports: a function of each scope, with the names it knows."""
    code, known = [], {}
    for scope in bindings.scopes:
        bound = {}
        initializers = [item for item in scope.members if item.head.startswith("init(") and item.body]
        for initializer in initializers:
            for item in declarations(initializer.body):
                if match := BINDING.match(item.head):
                    full = f"{match[3]}#{match[2]}" if match[3] else match[2]
                    bound[match[1]] = (full, match[4], match[5])
        entries = []
        places = [("", scope.members)] + [(name, declaration.members()) for name, declaration in scope.classes]
        for owner, members in places:
            made = [Initializer(owner, item, match) for item in members
                    if (match := INITIALIZER.match(re.sub(r"^nonisolated\(nonsending\) ", "", item.head)))]
            for function in [*functions(members), *made]:
                own = re.search(r"(?:self|interface)\.(?:interface\.)?(_\w+)\.call(?:Async)?\(", function.body)
                if not own:
                    continue
                full, given, result = bound[own[1]]
                if full not in wanted:
                    continue
                if function.is_async or STREAMS.search(f"{given} {result}"):
                    raise LeftOut(NEEDS_ASYNC)
                entries += export(scope, function, full, given, result, "" if function in made else owner)
                known.setdefault(scope.path, []).append(full)
        if entries:
            code += [f"extension {scope.path} {{",
                     "func drive(_ name: String, _ arguments: [Value], _ context: TypedContext) throws -> Value? {",
                     "switch name {", *entries, 'default: throw CaseFailure("no typed function `\\(name)`")', "}", "}", "}"]
    missing = set(wanted) - {name for names in known.values() for name in names}
    if missing:
        raise LeftOut(f"exports that the bindings do not have: {sorted(missing)[0]}")
    return "\n".join(code), known


class Initializer:
    """A constructor of a resource of the component, called like a function of its interface."""

    is_property = False

    def __init__(self, owner, declaration, match):
        self.name = owner
        self.body = declaration.body
        self.is_async = bool(match[2])
        self.returned = owner
        self.parameters = list(Function.read(match[1] or ""))


def export(scope, function, full, given, result, owner):
    shift = 1 if owner else 0
    count = len(function.parameters) + shift
    kinds = parts_of(given, count)
    if len(kinds) != count:
        raise LeftOut("exports of a form unknown here")
    lines = [f'case "{full}":', f"try context.check(arguments, count: {count})"]
    # Not in variables, which would keep objects of the host that the call gives away.
    values = [f"{label}: try context.typed(arguments[{index}], {own}.self)"
              for index, ((label, _, _), own) in enumerate(zip(function.parameters, kinds[shift:]), shift)]
    if isinstance(function, Initializer):
        call = f"try {function.name}({', '.join(['in: self', *values])})"
        # What the object is made of, and what comes of it.
        result = result.replace("GuestHandleCodec<", "GuestOwnCodec<")
    else:
        receiver = f"context.typed(arguments[0], {kinds[0]}.self)." if owner else "self."
        call = f"try {receiver}{function.name}" + ("" if function.is_property else f"({', '.join(values)})")
    inner = f"return {call}" if function.returned else f"{call}\nreturn Empty()"
    if is_fallible(result):
        lines.append(f"let w = try {result}.reporting {{\n{inner}\n}}")
    elif function.returned:
        lines.append(f"let w = {call}")
    else:
        lines.append(f"{call}\nlet w = Empty()")
    return lines + [f"return try context.dynamic(w, {result}.self)"]


# MARK: The whole


def driver(world, text, case, wanted):
    """What makes the `TypedCase` of a world; `case` is the first of its arguments in Swift."""
    bindings = Bindings(world, text)
    imports, makers, needs_host = host(bindings)
    calls, known = exports(bindings, wanted)
    made = f"imports: {world}.DriverHost(host: TypedHost(context)), " if needs_host else ""
    code = [handled(bindings), imports, calls,
            f"let case{world} = TypedCase({case}) {{ component, store, context, linker in", *makers,
            f"let world = try {world}(component, in: store, {made}linker: linker)"]
    places = []
    for scope in bindings.scopes[1:]:
        name = scope.path.split(".")[-1]
        property = next((match[1] for item in bindings.root.members
                         if (match := re.match(rf"let (`?\w+`?): {re.escape(name)}$", item.head))), None)
        if property:
            code.append(f"context.interfaces.append(world.{property})")
        if scope.path in known:
            places.append((known[scope.path], f"world.{property}.drive"))
    code.append("return { name, arguments in")
    code.append("switch name {")
    for names, drive in places:
        names = ", ".join(f'"{name}"' for name in sorted(names))
        code.append(f"case {names}: return try {drive}(name, arguments, context)")
    rest = "world.drive(name, arguments, context)" if bindings.root.path in known else None
    code.append(f"default: return try {rest}" if rest else 'default: throw CaseFailure("no typed function `\\(name)`")')
    return "\n".join(code + ["}", "}", "}"])
