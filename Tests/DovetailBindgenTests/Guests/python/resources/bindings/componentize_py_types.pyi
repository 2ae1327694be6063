from typing import Generic, TypeVar, Union

from dovetail_types import Record

T = TypeVar("T")
E = TypeVar("E")

class Some(Record, Generic[T]):
    """A value that is there, where an option is within another one."""
    __match_args__ = ("value",)
    value: T
    def __init__(self, value: T) -> None: ...

class Ok(Record, Generic[T]):
    """The value of a `result` that succeeded."""
    __match_args__ = ("value",)
    value: T
    def __init__(self, value: T) -> None: ...

class Err(Exception, Generic[E]):
    """The error of a `result` that failed, and the exception it is raised as."""
    __match_args__ = ("value",)
    value: E
    def __init__(self, value: E) -> None: ...

Result = Union[Ok[T], Err[E]]

class ErrorContext(Exception):
    """What went wrong, in words for people: an `error-context`."""
    __match_args__ = ("debug_message",)
    debug_message: str
    def __init__(self, debug_message: str) -> None: ...
