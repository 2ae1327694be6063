// SPDX-License-Identifier: Apache-2.0

extension ProjectTemplate {
    /// The files of a project in Python.
    var pythonFiles: [(path: String, text: String)] {
        [
            ("pyproject.toml", project), ("README.md", pythonReadme),
            (".gitignore", "__pycache__/\n.mypy_cache/\n*.wasm\n"), ("app.py", app),
        ]
    }

    private var project: String {
        """
        [project]
        name = "\(name)"
        version = "0.1.0"
        requires-python = ">=3.14"

        [tool.mypy]
        strict = true
        mypy_path = "\(bindingsFolder)"
        files = "app.py"

        [tool.pyright]
        extraPaths = ["\(bindingsFolder)"]

        """
    }

    private var pythonReadme: String {
        """
        # \(name)

        A WebAssembly component in Python. `wit/world.wit` says what it imports and exports, `app.py` does it.

        Build and run it:

        ```sh
        \(build)
        \(run)
        ```

        The component has its own CPython, with what `app.py` imports. `\(bindingsFolder)` is for editors and type checkers; bring it up to
        date when the world has changed:

        ```sh
        dovetail bindgen --guest python --wit wit --out-dir \(bindingsFolder)
        ```

        """
    }

    private var app: String {
        switch kind {
        case .command:
            """
            import sys

            from wit_world import exports


            class Run(exports.Run):
                def run(self) -> None:
                    for name in sys.argv[1:] or ["world"]:
                        print(f"Hello, {name}!")

            """
        case .library:
            """
            import wit_world


            class WitWorld(wit_world.WitWorld):
                def greet(self, name: str) -> str:
                    return f"Hello, {name}!"

            """
        case .http:
            """
            from componentize_py_types import Ok
            from wit_world import exports
            from wit_world.imports.types import Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam


            class IncomingHandler(exports.IncomingHandler):
                def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
                    response = OutgoingResponse(Fields.from_list([("content-type", b"text/plain")]))
                    body = response.body()
                    ResponseOutparam.set(response_out, Ok(response))
                    with body.write() as stream:
                        stream.blocking_write_and_flush(f"Hello from {request.path_with_query()}\\n".encode())
                    OutgoingBody.finish(body, None)

            """
        }
    }
}
