from enum import Enum as Enum, Flag as Flag
from types import TracebackType
from typing import Protocol as Protocol, Self

class Record:
    """Named fields, the same as others of the class when all fields are."""

class Resource:
    """A resource of the host. It is dropped with its object, or at the end of a `with`."""
    _handle: int | None
    def __enter__(self) -> Self: ...
    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
