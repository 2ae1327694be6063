"""Streams, under the name that componentize-py has for them."""

from dovetail_async import (
    ByteStreamReader as ByteStreamReader, ByteStreamWriter as ByteStreamWriter, StreamReader as StreamReader,
    StreamWriter as StreamWriter)
