// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

/// The modules that all generated Python stands on, the same for every world.
///
/// The runtime's modules do without `dataclasses`, `enum` and `typing`, which would take up two megabytes of each component. What
/// type checkers see is in stubs beside them.
enum PythonSupport {
    static let files: [(name: String, text: String)] = [
        ("componentize_py_types.py", types), ("componentize_py_types.pyi", typesStub),
        ("dovetail_types.py", bases), ("dovetail_types.pyi", basesStub), ("_dovetail.pyi", runtimeStub),
    ]

    private static let types = #"""
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

        """#

    private static let typesStub = #"""
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

        """#

    private static let bases = #"""
        """What generated classes inherit from."""

        import _dovetail


        class Protocol:
            """Stands for `typing.Protocol`, which only type checkers need."""


        class Record:
            """Named fields, the same as others of the class when all fields are."""
            __slots__ = ()
            __match_args__ = ()
            __hash__ = None

            def __eq__(self, other):
                if type(other) is not type(self):
                    return NotImplemented
                return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)

            def __repr__(self):
                fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
                return f"{type(self).__qualname__}({fields})"

            def __replace__(self, /, **changes):
                return type(self)(**{name: getattr(self, name) for name in self.__match_args__} | changes)


        class _EnumType(type):
            def __new__(metaclass, name, bases, namespace):
                # Python itself puts numbers there, as that of the line.
                labels = {
                    key: value for key, value in namespace.items() if isinstance(value, int) and not key.startswith("_")}
                cls = super().__new__(
                    metaclass, name, bases, {key: value for key, value in namespace.items() if key not in labels})
                cls.__members__ = {}
                cls._values = {}
                for label, value in labels.items():
                    member = cls._member(value, label)
                    cls.__members__[label] = member
                    setattr(cls, label, member)
                return cls

            def _member(cls, value, name):
                member = object.__new__(cls)
                member.value = value
                member.name = name
                cls._values[value] = member
                return member

            def __call__(cls, value):
                member = cls._values.get(value)
                return cls._missing(value) if member is None else member

            def __getitem__(cls, name):
                return cls.__members__[name]

            def __contains__(cls, value):
                return value in cls._values or isinstance(value, cls)

            def __iter__(cls):
                return iter(cls.__members__.values())

            def __len__(cls):
                return len(cls.__members__)


        class _Constant(metaclass=_EnumType):
            __slots__ = ("name", "value")

            def __repr__(self):
                return f"<{type(self).__qualname__}.{self.name}: {self.value}>"

            def __str__(self):
                return f"{type(self).__qualname__}.{self.name}"

            def __copy__(self):
                return self

            def __deepcopy__(self, _):
                return self

            def __reduce__(self):
                return type(self), (self.value,)


        class Enum(_Constant):
            """One of several cases, as `enum.Enum` has them."""
            __slots__ = ()

            @classmethod
            def _missing(cls, value):
                if isinstance(value, cls):
                    return value
                raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")


        class Flag(_Constant):
            """Several flags, each set or not, as `enum.Flag` has them."""
            __slots__ = ()

            @classmethod
            def _all(cls):
                return (1 << len(cls.__members__)) - 1

            @classmethod
            def _missing(cls, value):
                if isinstance(value, cls):
                    return value
                if not isinstance(value, int) or value & ~cls._all():
                    raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
                names = [name for name, member in cls.__members__.items() if member.value & value]
                return cls._member(value, "|".join(names) or None)

            def __or__(self, other):
                return type(self)(self.value | other.value) if type(other) is type(self) else NotImplemented

            def __and__(self, other):
                return type(self)(self.value & other.value) if type(other) is type(self) else NotImplemented

            def __xor__(self, other):
                return type(self)(self.value ^ other.value) if type(other) is type(self) else NotImplemented

            def __invert__(self):
                return type(self)(self.value ^ self._all())

            def __contains__(self, other):
                return other.value & self.value == other.value

            def __iter__(self):
                return (member for member in type(self) if member.value & self.value)

            def __len__(self):
                return self.value.bit_count()

            def __bool__(self):
                return self.value != 0


        class Resource:
            """A resource of the host. It is dropped with its object, or at the end of a `with`."""
            __slots__ = ("_handle", "__weakref__")

            def __enter__(self):
                return self

            def __exit__(self, *_):
                _dovetail.release(self)

            def __del__(self):
                _dovetail.release(self)

        """#

    private static let basesStub = #"""
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

        """#

    private static let runtimeStub = #"""
        from typing import Protocol, TypeVar

        T = TypeVar("T")

        class _Function(Protocol):
            def __call__(self, *arguments: object) -> T: ...  # type: ignore[type-var]

        def function(interface: str, name: str, /) -> _Function: ...
        def resource(interface: str, name: str, /) -> int: ...
        def release(resource: object, /) -> None: ...

        """#
}
