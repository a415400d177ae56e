"""One address for all arrays of a run, so that a call in the kernel passes one number.

Numba passes a tuple of arrays by value: pointer, sizes and strides of each array, some 260 numbers at each call. Here
the tuple is written down once, and functions get its address; ``a.t`` reads the array from there. In the source of the
kernel, and with the JIT switched off, nothing shows: ``pinned(a)`` is used as ``a`` is.

Numba also asks at each place whether it is negative, and then counts from the end. The kernel has no such places, so
that its arrays are of a type that does not ask: an eighth of its time.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_builtin, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model
from numba.np.arrayobj import make_array


class Pinned(types.Type):
    """Type of the address of a named tuple of arrays, whose type is ``arrays``."""

    def __init__(self, arrays: types.NamedTuple) -> None:
        self.arrays = arrays
        super().__init__(name=f"Pinned({arrays})")


@register_model(Pinned)
class _Address(models.OpaqueModel):
    pass


class Part(types.Array):
    """Type of an array behind the address: a place in it is never counted from the end."""

    def __init__(self, array: types.Array) -> None:
        super().__init__(array.dtype, array.ndim, array.layout, name=f"Part({array})")

    @property
    def key(self) -> Any:
        """The name: an array of this type is not one of numba's own."""
        return self.name


@register_model(Part)
class _Array(models.ArrayModel):
    pass


@infer_getattr
class _Fields(AttributeTemplate):
    key = Pinned

    def generic_resolve(self, pinned: Pinned, name: str) -> Any:
        fields = pinned.arrays.fields
        return Part(pinned.arrays.types[fields.index(name)]) if name in fields else None


@lower_getattr_generic(Pinned)
def _read(context: Any, builder: Any, pinned: Pinned, address: Any, name: str) -> Any:
    number = pinned.arrays.fields.index(name)
    whole = builder.bitcast(address, context.get_value_type(pinned.arrays).as_pointer())
    array = builder.load(cgutils.gep_inbounds(builder, whole, 0, number))
    # Nothing moves the arrays during a run: a pointer need not be read again after each write to an array.
    array.set_metadata("invariant.load", builder.module.add_metadata([]))
    return impl_ret_borrowed(context, builder, pinned.arrays.types[number], array)


def _element(context: Any, builder: Any, part: Part, array: Any, index_type: Any, index: Any) -> Any:
    """Return the address of an element; with ``NUMBA_BOUNDSCHECK`` places are checked first."""
    if isinstance(index_type, types.UniTuple | types.Tuple):
        kinds, places = index_type.types, cgutils.unpack_tuple(builder, index, len(index_type))
    else:
        kinds, places = (index_type,), (index,)
    whole = [context.cast(builder, place, kind, types.intp) for place, kind in zip(places, kinds, strict=True)]
    fields = make_array(part)(context, builder, array)
    sizes = cgutils.unpack_tuple(builder, fields.shape, part.ndim)
    if context.enable_boundscheck:
        for axis, (place, size) in enumerate(zip(whole, sizes, strict=True)):
            cgutils.do_boundscheck(context, builder, place, size, axis)
    if part.ndim == 2:
        whole = [builder.add(builder.mul(whole[0], sizes[1], flags=["nsw"]), whole[1], flags=["nsw"])]
    return builder.gep(fields.data, whole, inbounds=True)


@lower_builtin(operator.getitem, Part, types.Integer)
@lower_builtin(operator.getitem, Part, types.BaseTuple)
def _get(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    part, index_type = signature.args
    place = _element(context, builder, part, arguments[0], index_type, arguments[1])
    return builder.load(place)


@lower_builtin(operator.setitem, Part, types.Integer, types.Any)
@lower_builtin(operator.setitem, Part, types.BaseTuple, types.Any)
def _set(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    part, index_type, kind = signature.args
    value = context.cast(builder, arguments[2], kind, part.dtype)
    place = _element(context, builder, part, arguments[0], index_type, arguments[1])
    builder.store(value, place)
    return context.get_dummy_value()


@intrinsic
def _pinned(typing_context: Any, arrays: Any) -> Any:
    def write_down(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = ir.IntType(8).as_pointer()
        place = builder.bitcast(cgutils.alloca_once_value(builder, arguments[0]), address)
        # An empty instruction hides the origin of the address, so that no read moves before this write.
        return builder.asm(ir.FunctionType(address, [address]), "", "=r,0,~{memory}", [place], side_effect=True)

    return Pinned(arrays)(arrays), write_down


def _itself(arrays: Any) -> Any:
    return arrays


pinned: Any = _itself if config.DISABLE_JIT else _pinned  # type: ignore[attr-defined]
"""Store a tuple of arrays for as long as the calling function runs; return its address."""
