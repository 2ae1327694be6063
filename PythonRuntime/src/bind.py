# SPDX-License-Identifier: Apache-2.0
# Finds the exports of the world in the app, and says what is missing before anybody calls it.


def bind(app_name, exports):
    import importlib
    import sys

    app = importlib.import_module(app_name)
    instances = {}
    callables = []
    for kind, module_name, holder, method, protocol, arity, is_async in exports:
        module = app
        if module_name:
            try:
                module = importlib.import_module(module_name)
            except ModuleNotFoundError as error:
                if error.name != module_name:
                    raise
                raise TypeError(
                    f"there is no module `{module_name}`, which is where the class `{holder}` is looked for: "
                    f"a subclass of `{protocol}`") from None
        holding = getattr(module, holder, None)
        if holding is None:
            raise TypeError(
                f"`{module.__name__}` has no class `{holder}`; expected a subclass of `{protocol}` that implements it")
        if kind == "constructor":
            callables.append(holding)
            continue
        package, _, name = protocol.rpartition(".")
        declared = getattr(importlib.import_module(package), name).__dict__.get(method)
        found = getattr(holding, method, None)
        if found is None or getattr(found, "__func__", found) is getattr(declared, "__func__", declared):
            raise TypeError(f"`{module.__name__}.{holder}` has no method `{method}`, which `{protocol}` declares")
        check(holding, kind, method, arity, is_async, f"{module.__name__}.{holder}.{method}")
        if kind == "method":
            callables.append(method)
        elif kind == "static":
            callables.append(found)
        else:
            if holder not in instances:
                instances[holder] = holding()
            callables.append(getattr(instances[holder], method))
    if "asyncio" in sys.modules:
        # Its own loop waits for sockets, which are not there.
        importlib.import_module("dovetail_async")
    return callables


def check(holding, kind, method, arity, is_async, name):
    """Whether a method takes that many arguments by position, and may wait."""
    found = next(vars(base)[method] for base in holding.__mro__ if method in vars(base))
    implicit = 0 if isinstance(found, staticmethod) else 1 if isinstance(found, classmethod) else kind != "static"
    function = getattr(found, "__func__", found)
    code = getattr(function, "__code__", None)
    if code is None:
        return
    if code.co_flags & 128 and not is_async:
        raise TypeError(f"`{name}` is declared with `async def`, expected `def`: nothing waits for it")
    most = code.co_argcount - implicit
    least = most - len(function.__defaults__ or ())
    takes_any = code.co_flags & 4
    needs_keywords = code.co_kwonlyargcount > len(function.__kwdefaults__ or ())
    if least <= arity and (takes_any or arity <= most) and not needs_keywords:
        return
    found = "needs arguments by keyword" if needs_keywords else f"takes {most} arguments"
    raise TypeError(f"`{name}` {found}, expected {arity} by position: see what the bindings declare")
