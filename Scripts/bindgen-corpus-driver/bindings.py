# SPDX-License-Identifier: Apache-2.0
"""Generated bindings, read as what they are: Swift of one known layout, declarations with bodies."""
import re


# MARK: Reading Swift


class Declaration:
    """A declaration or statement: what stands before its body, and the body's text."""

    def __init__(self, head, body):
        self.head = " ".join(head.split())
        self.body = body

    def members(self):
        return declarations(self.body or "")


def declarations(text):
    """The declarations or statements of a body without comments."""
    # Generic parameters one a line.
    text = re.sub(r"<\n([^<>{}]*?)\n\s*>", lambda match: "<" + " ".join(match[1].split()) + ">", text)
    found, start, depth, brace, end, position = [], 0, 0, None, None, 0
    while position <= len(text):
        character = text[position] if position < len(text) else "\n"
        if character == '"':
            position += 1
            while position < len(text) and text[position] != '"':
                position += 2 if text[position] == "\\" else 1
        elif character in "([{":
            if character == "{" and depth == 0:
                brace, end = (position if brace is None else brace), None
            depth += 1
        elif character in ")]}":
            depth -= 1
            if character == "}" and depth == 0 and end is None:
                end = position
        elif character == "\n" and depth == 0:
            whole = text[start:position]
            if whole.strip():
                if brace is not None and end is not None:
                    found.append(Declaration(text[start:brace], text[brace + 1:end]))
                else:
                    found.append(Declaration(whole, None))
            start, brace, end = position + 1, None, None
        position += 1
    return found


def split(text, mark=","):
    """The parts of a Swift list, marks inside of brackets aside."""
    parts, depth, part = [], 0, ""
    for character in text.replace("->", "\0"):
        depth += (character in "(<[") - (character in ")>]")
        if character == mark and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += character
    return [item.replace("\0", "->") for item in parts + [part.strip()] if item]


def arguments_of(text):
    """The generic arguments of a type, or the parts of a tuple."""
    return split(text[text.index("<") + 1:-1] if text.endswith(">") else text[1:-1])


def base(text):
    """A generic type's name without its module: `Dovetail.Result<A, B>` is `Result`."""
    return re.match(r"(?:(?:Swift|Dovetail|DovetailABI)\.)?([\w.]+)", text)[1] if text[:1].isalpha() else text


class Function:
    """A function or property of Swift and how it is declared."""

    pattern = re.compile(r"func (`?\w+`?)\((.*)\)( async)? throws(?: -> (.*))?$")
    getter = re.compile(r"var (`?\w+`?): ((?:[^{]|\{\})+?)$")

    def __init__(self, declaration):
        head = re.sub(r"^nonisolated\(nonsending\) ", "", declaration.head)
        self.body = declaration.body or ""
        if match := self.pattern.match(head):
            self.name, takes, wait, self.returned = match.groups()
            self.is_property = False
            self.is_async = bool(wait)
            self.declaration = head
            self.parameters = list(self.read(takes))
        elif (match := self.getter.match(head)) and re.match(r"\s*get( async)? throws", self.body):
            self.name, self.returned = match.groups()
            self.is_property = True
            self.is_async = "get async" in self.body
            self.declaration = head
            self.parameters = []
        else:
            self.name = None

    @staticmethod
    def read(text):
        """Labels, names and types."""
        for item in split(text):
            names, _, kind = item.partition(":")
            names = names.split()
            yield ("" if names[0] == "_" else names[0]), names[-1], re.sub(r"^(consuming|borrowing) ", "", kind.strip())


def functions(members):
    for member in members:
        function = Function(member)
        if function.name:
            yield function


# MARK: What the bindings declare


class Scope:
    """The world, or an interface in it."""

    def __init__(self, world, path, members):
        self.world = world
        self.path = path
        self.members = members
        self.protocols = {}
        self.types = set()
        self.handled = []
        self.classes = []
        self.definitions = []
        for member in members:
            if match := re.match(r"(?:indirect )?(final class|struct|enum|protocol|typealias) (`?\w+`?)", member.head):
                self.types.add(match[2])
                if match[1] == "protocol":
                    self.protocols[match[2]] = member
                elif match[1] == "final class" and ": GuestResource" in member.head:
                    self.classes.append((match[2], member))
                elif match[1] in ("struct", "enum") and "usesHandles: true" in (member.body or ""):
                    self.handled.append((match[1], match[2], member))
            elif re.match(r"static func define(Imports|Functions)?\b", member.head):
                self.definitions += declarations(member.body)

    def qualified(self, text):
        """A type as it is called outside."""
        names = sorted((name for name in self.types if name not in ("Imports", "Functions")), key=len, reverse=True)
        if not names or not text:
            return text
        return re.sub(r"(?<![\w.`])(" + "|".join(map(re.escape, names)) + r")(?![\w`])(?!:)", self.path + r".\1", text)


class Bindings:
    def __init__(self, world, text):
        self.world = world
        self.scopes = []
        top = declarations(re.sub(r"(?m)^ *//.*\n", "", text))
        root = next(item for item in top if re.match(rf"final class {world}\b", item.head))
        self.root = Scope(world, world, root.members())
        self.scopes.append(self.root)
        for item in top:
            if item.head != f"extension {world}":
                continue
            for inner in item.members():
                if match := re.match(r"(?:enum|final class) (`?\w+`?)", inner.head):
                    if "FixedCount" not in inner.head:
                        self.scopes.append(Scope(world, f"{world}.{match[1]}", inner.members()))
        listed = [item for item in self.root.members if re.match(r"static func define(Imports|Functions)\b", item.head)]
        calls = "\n".join(item.body for item in listed)
        # Those that DovetailWASI serves are defined by it.
        self.imported = [self.root] if listed else []
        for scope in self.scopes[1:]:
            name = scope.path.split(".")[-1]
            if re.search(rf"(?<![\w.]){re.escape(name)}\.define\(", calls):
                self.imported.append(scope)
