"""Futures, under the name that componentize-py has for them."""

from dovetail_async import FutureReader as FutureReader, FutureWriter as FutureWriter
