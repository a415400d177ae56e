"""One address for all arrays of a run, so that a call in the kernel passes one number.

Numba passes a tuple of arrays by value: pointer, sizes and strides of each array, some 260 numbers at each call. Here
the tuple is written down once, and functions get its address; ``a.t`` reads the array from there. In the source of the
kernel, and with the JIT switched off, nothing shows: ``pinned(a)`` is used as ``a`` is.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model


class Pinned(types.Type):
    """Type of the address of a named tuple of arrays, whose type is ``arrays``."""

    def __init__(self, arrays: types.NamedTuple) -> None:
        self.arrays = arrays
        super().__init__(name=f"Pinned({arrays})")


@register_model(Pinned)
class _Address(models.OpaqueModel):
    pass


@infer_getattr
class _Fields(AttributeTemplate):
    key = Pinned

    def generic_resolve(self, pinned: Pinned, name: str) -> Any:
        fields = pinned.arrays.fields
        return pinned.arrays.types[fields.index(name)] if name in fields else None


@lower_getattr_generic(Pinned)
def _read(context: Any, builder: Any, pinned: Pinned, address: Any, name: str) -> Any:
    number = pinned.arrays.fields.index(name)
    whole = builder.bitcast(address, context.get_value_type(pinned.arrays).as_pointer())
    array = builder.load(cgutils.gep_inbounds(builder, whole, 0, number))
    # Nothing moves the arrays during a run: what was read once need not be read again after each write to an array.
    array.set_metadata("invariant.load", builder.module.add_metadata([]))
    return impl_ret_borrowed(context, builder, pinned.arrays.types[number], array)


@intrinsic
def _pinned(typing_context: Any, arrays: Any) -> Any:
    def write_down(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = ir.IntType(8).as_pointer()
        place = builder.bitcast(cgutils.alloca_once_value(builder, arguments[0]), address)
        # An empty instruction hides where the address comes from: no reading moves to before this writing.
        return builder.asm(ir.FunctionType(address, [address]), "", "=r,0,~{memory}", [place], side_effect=True)

    return Pinned(arrays)(arrays), write_down


def _itself(arrays: Any) -> Any:
    return arrays


pinned: Any = _itself if config.DISABLE_JIT else _pinned  # type: ignore[attr-defined]
"""Write down a tuple of arrays for as long as the calling function runs; return its address."""
