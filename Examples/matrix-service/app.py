# SPDX-License-Identifier: Apache-2.0
"""Multiplies matrices over HTTP: POST two of them in JSON to `/multiply`, as `[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]`."""

import json

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import (
    Fields, IncomingBody, IncomingRequest, Method_Post, OutgoingBody, OutgoingResponse, ResponseOutparam)


class Refused(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        try:
            answer(response_out, 200, product(request))
        except Refused as refused:
            answer(response_out, refused.status, {"error": str(refused)})


def product(request):
    if (request.path_with_query() or "").split("?")[0] != "/multiply":
        raise Refused(404, "there is only /multiply")
    if not isinstance(request.method(), Method_Post):
        raise Refused(405, "expected two matrices to be posted")
    try:
        left, right = json.loads(body(request))
        return multiply(left, right)
    except (TypeError, ValueError) as error:
        raise Refused(400, f"expected two matrices in JSON: {error}") from error


def multiply(left, right):
    columns = list(zip(*right, strict=True))
    if any(len(row) != len(right) for row in left):
        raise ValueError(f"rows of {len(right)} numbers, since the second has so many rows")
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]


def body(request):
    chunks = []
    incoming = request.consume()
    # A body's stream has to be dropped before the body is finished, which gives the body up.
    with incoming.stream() as stream:
        try:
            while True:
                chunks.append(stream.blocking_read(64 * 1024))
        except Err as error:
            if not isinstance(error.value, StreamError_Closed):
                raise Refused(400, "the body was cut short") from error
    IncomingBody.finish(incoming)
    return b"".join(chunks)


def answer(response_out, status, value):
    text = json.dumps(value).encode() + b"\n"
    response = OutgoingResponse(Fields.from_list([
        ("content-type", b"application/json"), ("content-length", str(len(text)).encode())]))
    response.set_status_code(status)
    outgoing = response.body()
    ResponseOutparam.set(response_out, Ok(response))
    with outgoing.write() as stream:
        for start in range(0, len(text), 4096):
            stream.blocking_write_and_flush(text[start:start + 4096])
    OutgoingBody.finish(outgoing, None)
