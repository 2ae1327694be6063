// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBindgen
import DovetailPython
import DovetailTestSupport
import DovetailWIT
import Foundation
import Testing

/// A component in Python that answers a request with what the expression in its body gives.
enum PythonEvaluator {
    static let carrier = try? PythonCarrier.load()

    private static let imports = """
        import http.client, urllib.error, urllib.request
        from http.client import HTTPConnection, HTTPSConnection
        from urllib.request import Request, urlopen

        def exchange(connection, method, path, body=None, **options):
            connection.request(method, path, body, **options)
            response = connection.getresponse()
            return f"{response.status} {response.read().decode()}"

        """

    private static let app = """
        from componentize_py_types import Ok
        from poll_loop import PollLoop, Sink, Stream
        from wit_world import exports
        from wit_world.imports.types import Fields, OutgoingResponse, ResponseOutparam

        class IncomingHandler(exports.IncomingHandler):
            def handle(self, request, response_out):
                PollLoop().run_until_complete(self.answer(request, response_out))

            async def answer(self, request, response_out):
                code = b""
                async for chunk in Stream(request.consume()):
                    code += chunk
                try:
                    text = str(eval(code.decode(), globals()))
                except Exception as error:
                    text = f"{type(error).__name__}: {error}"
                response = OutgoingResponse(Fields())
                sink = Sink(response.body())
                ResponseOutparam.set(response_out, Ok(response))
                await sink.send(text.encode())
                sink.close()
        """

    /// The component, whose expressions have what `imports` imports, out of `folders` beside the standard library.
    static func component(importing imports: String = imports, folders: [String] = []) throws -> Component {
        let resolution = try WIT.resolve(WITLoader.load(TestFiles.example("python-echo") + "/wit"))
        let world = try Bindgen.world(nil, in: resolution.graph, root: resolution.root)
        var configuration = Engine.Configuration()
        configuration.compiler = .winch
        let engine = try Engine(configuration)
        return try ScratchFolder.with { folder in
            try folder.write((imports + app).utf8, to: "app.py")
            let build = try PythonComponentizer(try #require(carrier)).component(
                of: PythonProgram(module: "app", folders: [folder.path] + folders), world: world, in: resolution.graph,
                engine: engine)
            return try Component(engine: engine, bytes: build.component)
        }
    }
}
