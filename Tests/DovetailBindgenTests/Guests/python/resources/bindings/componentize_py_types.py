"""Values that stand for cases of `option` and `result`."""

from dovetail_types import Record


class Some(Record):
    """A value that is there, where an option is within another one."""
    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __class_getitem__(cls, _):
        return cls


class Ok(Record):
    """The value of a `result` that succeeded."""
    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __class_getitem__(cls, _):
        return cls


class Err(Exception):
    """The error of a `result` that failed, and the exception it is raised as."""
    __match_args__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __class_getitem__(cls, _):
        return cls

    def __eq__(self, other):
        return self.value == other.value if type(other) is type(self) else NotImplemented

    def __hash__(self):
        return hash((Err, self.value))

    def __repr__(self):
        return f"Err(value={self.value!r})"

    def __str__(self):
        return repr(self.value)


class Result:
    """Either an `Ok` or an `Err`."""

    def __class_getitem__(cls, _):
        return cls


class ErrorContext(Exception):
    """What went wrong, in words for people: an `error-context`."""
    __match_args__ = ("debug_message",)

    def __init__(self, debug_message):
        super().__init__(debug_message)
        self.debug_message = debug_message

    def __eq__(self, other):
        return self.debug_message == other.debug_message if type(other) is type(self) else NotImplemented

    def __hash__(self):
        return hash((ErrorContext, self.debug_message))

    def __repr__(self):
        return f"ErrorContext(debug_message={self.debug_message!r})"
