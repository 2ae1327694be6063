from typing import Protocol, TypeVar

T = TypeVar("T")

class _Function(Protocol):
    def __call__(self, *arguments: object) -> T: ...  # type: ignore[type-var]

def function(interface: str, name: str, /) -> _Function: ...
def resource(interface: str, name: str, /) -> int: ...
def release(resource: object, /) -> None: ...
