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
