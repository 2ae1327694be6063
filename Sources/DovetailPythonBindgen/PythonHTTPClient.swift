// SPDX-License-Identifier: Apache-2.0

extension PythonPackage {
    /// The module `dovetail_http` and its stub, for worlds that send HTTP of WASI 0.2: it changes `http.client` and what stands on
    /// it when these are imported.
    func httpClient() -> [(name: String, text: String)] {
        guard let modules = httpModules() else { return [] }
        let prefix = guest.package + ".imports."
        let text = Self.client.replacing("@HANDLER", with: prefix + modules.handler)
            .replacing("@TYPES", with: prefix + modules.types).replacing("@STREAMS", with: prefix + modules.streams)
        return [("dovetail_http.py", text), ("dovetail_http.pyi", Self.clientStub)]
    }

    private static let clientStub = #"""
        """HTTP by the host's: imported before `http.client`, it lets that send by `wasi:http`."""

        """#

    private static let client = #"""
        """HTTP by the host's: what `http.client`, `urllib.request` and urllib3 send goes through `wasi:http`, https included.

        To these modules a connection is a socket that they write a request to and read a response from. Here a request is
        read off what is written, and the host's answer written down again.
        """

        import sys


        def _bindings():
            """What the world imports; imported once it is needed, not before the app."""
            import @HANDLER as outgoing_handler
            import @TYPES as types

            return outgoing_handler, types


        class _Exchange:
            """A request that is being written, and its response."""

            def __init__(self, connection):
                self.connection = connection
                self.head = bytearray()
                self.request = self.future = self.body = self.sink = self.response = self.incoming = self.stream = None
                self.left = 0
                self.is_chunked = False
                self.chunk = bytearray()
                self.is_sent = False

            def write(self, data):
                data = memoryview(data).cast("B")
                if self.future is None:
                    self.head += data
                    end = self.head.find(b"\r\n\r\n")
                    if end < 0:
                        return
                    rest = bytes(self.head[end + 4:])
                    self.begin(bytes(self.head[:end]))
                    data = memoryview(rest)
                if self.is_chunked:
                    self.chunk += data
                    self.write_chunks()
                elif data:
                    self.left -= len(data)
                    self.send(data)
                    if self.left <= 0:
                        self.finish()

            def begin(self, head):
                outgoing_handler, types = _bindings()

                line, *lines = head.decode("latin-1").split("\r\n")
                method, target, _ = line.split(" ", 2)
                fields = []
                authority = self.connection.authority
                for one in lines:
                    name, _, value = one.partition(":")
                    name, value = name.strip().lower(), value.strip()
                    if name == "host":
                        authority = value
                    elif name == "transfer-encoding":
                        self.is_chunked = value.lower() == "chunked"
                    elif name not in ("connection", "keep-alive", "proxy-connection", "te", "upgrade"):
                        if name == "content-length":
                            self.left = int(value)
                        fields.append((name, value.encode("latin-1")))
                if "://" in target:
                    target = "/" + target.split("://", 1)[1].partition("/")[2]
                request = types.OutgoingRequest(types.Fields.from_list(fields))
                known = getattr(types, "Method_" + method.capitalize(), None) if method.isupper() else None
                request.set_method(known() if known else types.Method_Other(method))
                request.set_scheme(types.Scheme_Https() if self.connection.is_secure else types.Scheme_Http())
                request.set_authority(authority)
                request.set_path_with_query(target)
                has_body = self.is_chunked or self.left > 0
                if has_body:
                    self.body = request.body()
                    self.sink = self.body.write()
                options = None
                timeout = self.connection.timeout
                if timeout is not None:
                    options = types.RequestOptions()
                    limits = (options.set_connect_timeout, options.set_first_byte_timeout, options.set_between_bytes_timeout)
                    for limit in limits:
                        limit(int(timeout * 1e9))
                self.future = _asked(outgoing_handler.handle, request, options)
                if not has_body:
                    self.is_sent = True

            def write_chunks(self):
                while not self.is_sent:
                    end = self.chunk.find(b"\r\n")
                    if end < 0:
                        return
                    size = int(bytes(self.chunk[:end]).split(b";")[0], 16)
                    if not size:
                        self.finish()
                        return
                    if len(self.chunk) < end + 4 + size:
                        return
                    self.send(memoryview(bytes(self.chunk[end + 2:end + 2 + size])))
                    del self.chunk[:end + 4 + size]

            def send(self, data):
                while data:
                    room = _asked(self.sink.check_write)
                    if room:
                        _asked(self.sink.write, bytes(data[:room]))
                        data = data[room:]
                    else:
                        with self.sink.subscribe() as pollable:
                            pollable.block()

            def finish(self):
                """Ends the body of the request."""
                if self.is_sent:
                    return
                self.is_sent = True
                if self.sink is not None:
                    _, types = _bindings()

                    sink, body, self.sink, self.body = self.sink, self.body, None, None
                    sink.__exit__(None, None, None)
                    _asked(types.OutgoingBody.finish, body, None)

            def answer(self):
                """The head of the response as text."""
                if self.future is None:
                    raise ConnectionResetError("no request was sent")
                self.finish()
                future, self.future = self.future, False
                with future:
                    while (answer := future.get()) is None:
                        with future.subscribe() as pollable:
                            pollable.block()
                self.response = _value(_value(answer))
                status = self.response.status()
                lines = [f"HTTP/1.1 {status} {_reason(status)}"]
                has_length = False
                with self.response.headers() as headers:
                    for name, value in headers.entries():
                        if name.lower() in ("transfer-encoding", "connection", "keep-alive"):
                            continue
                        has_length = has_length or name.lower() == "content-length"
                        lines.append(f"{name}: {value.decode('latin-1')}")
                if not has_length:
                    # It ends where the connection does.
                    lines.append("connection: close")
                self.incoming = self.response.consume()
                self.stream = self.incoming.stream()
                return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

            def read(self, count):
                from componentize_py_types import Err
                from @STREAMS import StreamError_Closed

                while self.stream is not None:
                    try:
                        chunk = self.stream.read(count)
                    except Err as error:
                        if not isinstance(error.value, StreamError_Closed):
                            raise ConnectionResetError(_words(error.value)) from None
                        self.close()
                        return b""
                    if chunk:
                        return chunk
                    with self.stream.subscribe() as pollable:
                        pollable.block()
                return b""

            def close(self):
                """Drops what is open, the parts before the wholes."""
                parts = (self.sink, self.body, self.stream, self.incoming, self.response, self.future)
                self.sink = self.body = self.stream = self.incoming = self.response = None
                self.future = False
                for part in parts:
                    if part:
                        part.__exit__(None, None, None)


        def _reason(status):
            from http.client import responses

            return responses.get(status, "")


        def _value(result):
            from componentize_py_types import Err

            if isinstance(result, Err):
                raise _error(result.value)
            return result.value


        def _asked(function, *arguments):
            from componentize_py_types import Err

            try:
                return function(*arguments)
            except Err as error:
                raise _error(error.value) from None


        def _words(code):
            """What an error code is called, with what it says."""
            name = type(code).__name__.rpartition("_")[2]
            value = getattr(code, "value", None)
            return name if value is None else f"{name}: {value!r}"


        def _error(code):
            import socket

            words = _words(code)
            for part, kind in (
                    ("Dns", socket.gaierror), ("Timeout", TimeoutError), ("ConnectionRefused", ConnectionRefusedError),
                    ("Denied", PermissionError), ("Prohibited", PermissionError), ("Terminated", ConnectionResetError)):
                if part in words:
                    return kind(f"wasi:http: {words}")
            return OSError(f"wasi:http: {words}")


        class Connection:
            """Looks like a socket that is connected to a server."""

            def __init__(self, host, port, is_secure, timeout=None):
                shown = f"[{host}]" if ":" in host else host
                self.authority = shown if port == (443 if is_secure else 80) else f"{shown}:{port}"
                self.is_secure = is_secure
                self.timeout = timeout if isinstance(timeout, (int, float)) else None
                self.exchange = None
                self.closed = False
                self.is_read = True

            def sendall(self, data, flags=0):
                if self.is_read:
                    self._drop()
                    self.exchange = _Exchange(self)
                    self.is_read = False
                self.exchange.write(data)

            def send(self, data, flags=0):
                self.sendall(data)
                return len(data)

            def makefile(self, mode="rb", buffering=None, **options):
                import io

                if self.exchange is None:
                    self.exchange = _Exchange(self)
                self.is_read = True
                return io.BufferedReader(_reader()(self.exchange))

            def settimeout(self, timeout):
                self.timeout = timeout

            def gettimeout(self):
                return self.timeout

            def setsockopt(self, *arguments):
                pass

            def setblocking(self, flag):
                pass

            def getpeername(self):
                return (self.authority, 0)

            getsockname = getpeername

            def fileno(self):
                return -1

            def shutdown(self, how):
                self._drop()

            def _drop(self):
                # A response that is still being read has the exchange.
                if self.exchange is not None and self.exchange.response is None:
                    self.exchange.close()
                self.exchange = None

            def close(self):
                self.closed = True
                self._drop()


        _reader_class = None


        def _reader():
            global _reader_class
            if _reader_class is None:
                import io

                class Reader(io.RawIOBase):
                    def __init__(self, exchange):
                        self.exchange = exchange
                        self.head = None

                    def readable(self):
                        return True

                    def readinto(self, buffer):
                        if self.head is None:
                            self.head = self.exchange.answer()
                        data = self.head[:len(buffer)] if self.head else self.exchange.read(len(buffer))
                        self.head = self.head[len(data):] if self.head else b""
                        buffer[:len(data)] = data
                        return len(data)

                    def close(self):
                        if not self.closed:
                            self.exchange.close()
                        super().close()

                _reader_class = Reader
            return _reader_class


        def _change_client(module):
            def connect(self):
                self.sock = Connection(self.host, self.port, False, self.timeout)

            class HTTPSConnection(module.HTTPConnection):
                """A connection whose host takes care of TLS."""

                default_port = module.HTTPS_PORT

                def __init__(self, host, port=None, *, context=None, **options):
                    super().__init__(host, port, **options)

                def connect(self):
                    self.sock = Connection(self.host, self.port, True, self.timeout)

            module.HTTPConnection.connect = connect
            module.HTTPSConnection = HTTPSConnection
            module._create_https_context = lambda version: None
            module.__all__.append("HTTPSConnection")


        def _change_urllib(module):
            do_open = module.AbstractHTTPHandler.do_open

            def opened(self, *arguments, **options):
                try:
                    return do_open(self, *arguments, **options)
                except OSError as error:
                    # Others know while they connect what is known here once the response is waited for.
                    if str(error).startswith("wasi:http: "):
                        raise module.URLError(error) from None
                    raise

            module.AbstractHTTPHandler.do_open = opened


        def _change_urllib3(module):
            http = module.HTTPConnection
            http._new_conn = lambda self: Connection(self._dns_host, self.port, False, self.timeout)
            http.is_connected = property(lambda self: self.sock is not None and not self.sock.closed)

            class HTTPSConnection(http):
                default_port = 443
                is_verified = True

                def __init__(self, host, port=443, *, timeout=None, **options):
                    known = ("source_address", "blocksize", "socket_options", "proxy", "proxy_config")
                    super().__init__(host, port, timeout=timeout, **{name: options[name] for name in known if name in options})

                def connect(self):
                    self.sock = Connection(self._dns_host, self.port, True, self.timeout)

                def set_cert(self, *arguments, **options):
                    pass

            module.HTTPSConnection = module.VerifiedHTTPSConnection = HTTPSConnection


        def _change_requests(module):
            # Whom to trust is the host's business.
            module.HTTPAdapter.cert_verify = lambda self, connection, url, verify, cert: None


        _CHANGES = {
            "http.client": _change_client, "urllib.request": _change_urllib, "urllib3.connection": _change_urllib3,
            "requests.adapters": _change_requests}


        class _Loader:
            """Loads a module as another does, and changes it then."""

            def __init__(self, loader, change):
                self._loader, self._change = loader, change

            def __getattr__(self, name):
                return getattr(self._loader, name)

            def create_module(self, spec):
                return self._loader.create_module(spec)

            def exec_module(self, module):
                self._loader.exec_module(module)
                self._change(module)


        class _Finder:
            @classmethod
            def find_spec(cls, name, path=None, target=None):
                change = _CHANGES.get(name)
                if change is None:
                    return None
                for finder in sys.meta_path:
                    spec = finder.find_spec(name, path, target) if finder is not cls else None
                    if spec is not None:
                        spec.loader = _Loader(spec.loader, change)
                        return spec
                return None


        sys.meta_path.insert(0, _Finder)

        """#
}
