# SPDX-License-Identifier: Apache-2.0
"""Swift code that calls a component through its generated bindings and implements its imports on them, as a user would."""
import re

from bindings import Bindings, arguments_of, base, declarations, functions, is_tuple, split

NEEDS_ASYNC = "async functions, streams, futures: there are no tasks yet"

# A name, perhaps its interface, the types of the parameters as one and of the result.
FUNCTION = r'\( ?"([^"]+)",(?: in: "([^"]+)",)? parameters: (.*?)\.self, result: (.*?)\.self ?\)$'
DEFINITION = re.compile(r"linker\.define(?:Async)?" + FUNCTION)
BINDING = re.compile(r"(_\w+) = try exports\.function" + FUNCTION)


class LeftOut(Exception):
    """Why the driver does not call a component."""


# MARK: Conversions between the forms of a value in signatures and in the ABI


def tuple_of(world, text, value):
    """The ABI's tuple of a Swift one."""
    count = len(split(text[1:-1]))
    name = f"Tuple{count}" if count <= 8 else f"{world}.Tuple{count}"
    return f"{name}({', '.join(f'{value}.{i}' for i in range(count))})"


def swift_tuple(text, value):
    return "(" + ", ".join(f"{value}.v{i}" for i in range(len(split(text[1:-1])))) + ")"


def to_abi(world, surface, kind, value):
    """`value`, written as in a signature, as what goes through the ABI."""
    if is_tuple(surface):
        return tuple_of(world, surface, value)
    if surface != kind and base(kind).split("<")[0] in ("HostOwn", "HostBorrow", "GuestBorrow"):
        return f"{kind}({value})"
    return value


def from_abi(surface, kind, value):
    """The other way round."""
    if is_tuple(surface):
        return swift_tuple(surface, value)
    if surface != kind and base(kind).split("<")[0] in ("HostOwn", "HostBorrow", "GuestBorrow"):
        return f"{value}.object"
    return value


def parts_of(kind, count):
    """The ABI types of the parameters, and how each is found in the one value."""
    if count < 2:
        return [kind][:count]
    return arguments_of(kind)


def is_fallible(result, returned):
    """Whether the error of the result is thrown."""
    return base(result) == "Result" and returned != result


# MARK: The host


def host_function(scope, function, name, given, result, receiver, out=lambda text: text):
    """A function or property of the host; `receiver` is its own handle, for one of a resource."""
    if function.is_async:
        raise LeftOut(NEEDS_ASYNC)
    first = [receiver] if receiver else []
    kinds = parts_of(given, len(function.parameters) + len(first))
    if len(kinds) != len(function.parameters) + len(first):
        raise LeftOut("imports of a form unknown here")
    values = [out(f"{kinds[0]}(self)")] if receiver else []
    for (_, own, kind), abi in zip(function.parameters, kinds[len(first):]):
        values.append(to_abi(scope.world, out(kind), out(abi), own))
    whole = {0: "Empty()", 1: values[0] if values else ""}.get(
        len(values), f"{given.split('<')[0]}({', '.join(values)})")
    lines = [out(function.declaration) + " {"]
    if function.is_property:
        lines.append("get throws {")
    lines.append(f'let r = try host.answer("{name}", {len(values)}, {whole}, {out(result)}.self)')
    value, payload = "r", result
    if is_fallible(result, function.returned):
        lines.append("let v = try r.get()")
        value, payload = "v", arguments_of(result)[0]
    if function.returned:
        lines.append("return " + from_abi(function.returned, payload, value))
    else:
        lines.append("_ = " + value)
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
                swift = re.search(r"(host\(caller\)|p\.object|p\.v0\.object)\.(`?\w+`?)", item.body)
                owner = re.match(r"\[method\]([^.]+)\.", match[1])
                if swift[1] == "host(caller)":
                    defined[swift[2]] = (full, match[3], match[4])
                else:
                    methods[owner[1], swift[2]] = (full, match[3], match[4])
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
    """Conversions of types that hold handles; all others go through memory."""
    code = []
    for scope in bindings.scopes:
        for kind, name, declaration in scope.handled:
            code += [f"extension {scope.path}.{name}: Handled {{"]
            inner = declaration.members()
            shape = next(item for item in inner if item.head.startswith("static var shape"))
            if kind == "struct":
                labels = re.findall(r'FieldShape\(\s*"([^"]*)"', shape.body)
                stored = [item.head for item in inner if item.head.startswith("var ") and item.body is None]
                fields = [re.match(r"var (`?\w+`?): ", head)[1] for head in stored]
                arguments = ", ".join(f'{field.strip("`")}: try context.typed(fields["{label}"])'
                                      for field, label in zip(fields, labels))
                code += ["static func make(_ value: Value, _ context: TypedContext) throws -> Self {",
                         "let fields = try value.fields()", f"return Self({arguments})", "}",
                         "func dynamic(_ context: TypedContext) throws -> Value {", ".record(["]
                code += [f'try context.field("{label}", self.{field}),' for field, label in zip(fields, labels)]
                code += ["])", "}", "}"]
                continue
            labels = re.findall(r'CaseShape\(\s*"([^"]*)"', shape.body)
            cases = [re.match(r"case (`?\w+`?)(\()?", item.head) for item in inner if item.head.startswith("case ")]
            code += ["static func make(_ value: Value, _ context: TypedContext) throws -> Self {",
                     "let (name, payload) = try value.variantCase()", "switch name {"]
            for item, label in zip(cases, labels):
                code.append(f'case "{label}": return .{item[1]}' + ("(try context.typed(payload))" if item[2] else ""))
            code += ['default: throw CaseFailure("there is no case `\\(name)`")', "}", "}",
                     "func dynamic(_ context: TypedContext) throws -> Value {", "switch self {"]
            for item, label in zip(cases, labels):
                code.append(f'case .{item[1]}(let payload): .variant("{label}", try context.dynamic(payload))' if item[2]
                            else f'case .{item[1]}: .variant("{label}", nil)')
            code += ["}", "}", "}"]
    for size in bindings.tuples:
        values = ", ".join(f"try context.typed(parts[{index}])" for index in range(size))
        code += [f"extension {bindings.world}.Tuple{size}: Handled {{",
                 "static func make(_ value: Value, _ context: TypedContext) throws -> Self {",
                 f"let parts = try value.parts({size})", f"return Self({values})", "}",
                 "func dynamic(_ context: TypedContext) throws -> Value {", ".tuple(["]
        code += [f"try context.part(v{index})," for index in range(size)]
        code += ["])", "}", "}"]
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
            for function in functions(members):
                own = re.search(r"self\.(?:interface\.)?(_\w+)\.call(?:Async)?\(", function.body)
                if not own:
                    continue
                full, given, result = bound[own[1]]
                if full not in wanted:
                    continue
                if function.is_async:
                    raise LeftOut(NEEDS_ASYNC)
                entries += export(scope, function, full, given, result, owner)
                known.setdefault(scope.path, []).append(full)
        if entries:
            code += [f"extension {scope.path} {{",
                     "func drive(_ name: String, _ arguments: [Value], _ context: TypedContext) throws -> Value? {",
                     "switch name {", *entries, 'default: throw CaseFailure("no typed function `\\(name)`")', "}", "}", "}"]
    missing = set(wanted) - {name for names in known.values() for name in names}
    if missing:
        raise LeftOut(f"exports that the bindings do not have: {sorted(missing)[0]}")
    return "\n".join(code), known


def export(scope, function, full, given, result, owner):
    shift = 1 if owner else 0
    count = len(function.parameters) + shift
    kinds = parts_of(given, count)
    if len(kinds) != count:
        raise LeftOut("exports of a form unknown here")
    lines, values = [f'case "{full}":', f"try context.check(arguments, count: {count})"], []
    for index, ((label, _, kind), abi) in enumerate(zip(function.parameters, kinds[shift:]), shift):
        # Not in a variable, which would keep objects of the host that the call gives away.
        value = f"try context.typed(arguments[{index}], {abi}.self)"
        if is_tuple(kind):
            lines.append(f"let a{index} = {value}")
            value = f"a{index}"
        value = from_abi(kind, abi, value)
        values.append(f"{label}: {value}" if label else value)
    receiver = f"context.typed(arguments[0], {kinds[0]}.self).object." if owner else "self."
    call = f"try {receiver}{function.name}" + ("" if function.is_property else f"({', '.join(values)})")
    if is_fallible(result, function.returned):
        payload = arguments_of(result)[0]
        if function.returned:
            inner = f"let r = {call}\nreturn {to_abi(scope.world, function.returned, payload, 'r')}"
        else:
            inner = f"{call}\nreturn Empty()"
        lines.append(f"let w = try {result}.reporting {{ () throws -> {payload} in\n{inner}\n}}")
    elif function.returned:
        lines.append(f"let r = {call}\nlet w = {to_abi(scope.world, function.returned, result, 'r')}")
    else:
        lines.append(f"{call}\nlet w = Empty()")
    return lines + ["return try context.dynamic(w)"]


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
