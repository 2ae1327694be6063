# SPDX-License-Identifier: Apache-2.0
"""Streams over HTTP: POST to `/echo` answers with what comes, while it comes; GET `/lengths` fetches the URLs in the fields `url`
at the same time, and tells how long what they answer is, the quickest first."""

import asyncio
from urllib.parse import urlsplit

import poll_loop
from componentize_py_types import Err, Ok
from poll_loop import PollLoop, Sink, Stream
from wit_world import exports
from wit_world.imports.types import (
    Fields, IncomingRequest, Method_Get, Method_Post, OutgoingRequest, OutgoingResponse, ResponseOutparam, Scheme_Http, Scheme_Https)


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        PollLoop().run_until_complete(answer(request, response_out))


async def answer(request, response_out):
    match request.method(), request.path_with_query():
        case Method_Post(), "/echo":
            sink = begin(response_out, 200)
            async for chunk in Stream(request.consume()):
                await sink.send(chunk)
        case Method_Get(), "/lengths":
            sink = begin(response_out, 200)
            urls = [value.decode() for name, value in request.headers().entries() if name == "url"]
            for lengths in asyncio.as_completed([length(url) for url in urls]):
                await sink.send(f"{await lengths}\n".encode())
        case _:
            sink = begin(response_out, 404)
    sink.close()


def begin(response_out, status):
    response = OutgoingResponse(Fields.from_list([("content-type", b"text/plain")]))
    response.set_status_code(status)
    sink = Sink(response.body())
    ResponseOutparam.set(response_out, Ok(response))
    return sink


async def length(url):
    parts = urlsplit(url)
    request = OutgoingRequest(Fields())
    request.set_scheme(Scheme_Https() if parts.scheme == "https" else Scheme_Http())
    request.set_authority(parts.netloc)
    request.set_path_with_query(parts.path or "/")
    try:
        async with asyncio.timeout(5):
            response = await poll_loop.send(request)
            count = 0
            async for chunk in Stream(response.consume()):
                count += len(chunk)
        return f"{url}: {count} bytes, status {response.status()}"
    except (Err, TimeoutError) as error:
        return f"{url}: {error!r}"
