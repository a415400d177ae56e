"""Expressions of the kernel as expressions of C, and the C types of its values and arrays."""

from __future__ import annotations

import ast
import math
from collections.abc import Collection
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import numpy as np

if TYPE_CHECKING:
    from sim.engine.portable.translate import Program

INT, FLOAT, BITS, NOTHING = "int64_t", "double", "uint64_t", "void"
ELEMENTS = {
    "int8": "int8_t",
    "uint8": "uint8_t",
    "int16": "int16_t",
    "uint16": "uint16_t",
    "int32": "int32_t",
    "uint32": "uint32_t",
    "int64": "int64_t",
    "uint64": "uint64_t",
    "float32": "float",
    "float64": "double",
}
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.USub: "-",
    ast.Not: "!",
    ast.Invert: "~",
    ast.And: "&&",
    ast.Or: "||",
}
MATHEMATICS = {"sqrt": FLOAT, "floor": INT, "ceil": INT, "isnan": INT}
"""What every processor rounds alike, and the type of the result; the rest is in ``sim.engine.elementary``."""
BITS_OF_FRACTIONS = {"bits_of": INT, "of_bits": FLOAT}
"""The functions of ``sim.engine.bits``."""
CASTS: dict[str, str] = {
    "int64": INT,
    "int": INT,
    "bool": INT,
    "float": FLOAT,
    "float64": FLOAT,
    "uint64": BITS,
    "uint8": INT,
    "int32": INT,
}


@dataclass(frozen=True)
class Value:
    """A C expression and its type."""

    text: str
    type: str


class NotTranslatableError(TypeError):
    """The kernel uses something that has no translation here."""


class Expressions:
    """The types of the variables of a function, and the translation of its expressions."""

    program: Program
    source: Any
    name: str
    tree: ast.FunctionDef
    parameters: dict[str, str]
    struct: str | None
    types: dict[str, str]
    alias: dict[str, str]

    def is_arrays(self, node: ast.expr) -> bool:
        """Return whether the node is the tuple of all arrays."""
        return isinstance(node, ast.Name) and node.id in self.parameters and self.parameters[node.id] == self.struct

    def array(self, node: ast.expr) -> str | None:
        """Return the name of an array, if it is one."""
        if isinstance(node, ast.Attribute) and self.is_arrays(node.value):
            return node.attr
        return self.alias.get(node.id) if isinstance(node, ast.Name) else None

    def place(self, node: ast.expr, kind: str = INT) -> str:
        """Translate the target of an assignment; a new variable gets the type of the value."""
        if isinstance(node, ast.Subscript):
            return self.element(node)[0]
        if not isinstance(node, ast.Name):
            raise self.refused(node)
        known = self.types.get(node.id)
        self.types[node.id] = FLOAT if FLOAT in (known, kind) else known or kind
        return safe(node.id)

    def is_pinning(self, node: ast.expr) -> bool:
        """Return whether the node is ``pinned(a)``; in C, all arrays are behind one address anyway."""
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pinned"

    def element(self, node: ast.Subscript) -> tuple[str, str]:
        """Translate an element of an array; return it and its C type."""
        name = self.array(node.value)
        if name is None:
            raise self.refused(node)
        element = self.program.structs[str(self.struct)].get(name)
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if element is None or len(index) > 2:
            raise self.refused(node)
        parts = [self.value(item).text for item in index]
        place = parts[0] if len(parts) == 1 else f"({parts[0]}) * a->{name}_n1 + ({parts[1]})"
        return f"a->{name}[{place}]", element

    def value(self, node: ast.expr) -> Value:
        """Translate an expression."""
        way = getattr(self, f"of_{type(node).__name__.lower()}", None)
        if way is None:
            raise self.refused(node)
        result: Value = way(node)
        return result

    def of_constant(self, node: ast.Constant) -> Value:
        """Translate a number."""
        return Value(literal(node.value), type_of_constant(node.value))

    def of_name(self, node: ast.Name) -> Value:
        """Translate a variable or a constant of a module."""
        if node.id in self.types:
            return Value(safe(node.id), self.types[node.id])
        if node.id not in self.source.__globals__:
            raise self.refused(node)
        return self.program.constant(node.id, self.source.__globals__[node.id])

    def of_attribute(self, node: ast.Attribute) -> Value:
        """Translate ``math.inf`` and constants of other modules of the kernel, such as ``columns.STEP_SLOT``."""
        owner = self.source.__globals__.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if owner is math:
            return Value(literal(getattr(math, node.attr)), FLOAT)
        if isinstance(owner, ModuleType) and owner.__name__.startswith("sim.") and hasattr(owner, node.attr):
            return self.program.constant(node.attr, getattr(owner, node.attr))
        raise self.refused(node)

    def of_subscript(self, node: ast.Subscript) -> Value:
        """Translate the reading of an element, or of the size of an array."""
        inner = node.value
        if isinstance(inner, ast.Attribute) and inner.attr == "shape" and isinstance(node.slice, ast.Constant):
            return Value(f"a->{self.array(inner.value)}_n{node.slice.value!r}", INT)
        text, kind = self.element(node)
        wide = {"float": FLOAT, "double": FLOAT, "uint64_t": BITS}.get(kind, INT)
        return Value(f"({wide}){text}", wide)

    def of_binop(self, node: ast.BinOp) -> Value:
        """Translate arithmetic."""
        left, right = self.value(node.left), self.value(node.right)
        kind = FLOAT if FLOAT in (left.type, right.type) or isinstance(node.op, ast.Div) else left.type
        if isinstance(node.op, ast.Pow):
            if not (isinstance(node.right, ast.Constant) and node.right.value == 2):
                raise self.refused(node)
            return Value(f"(({left.text}) * ({left.text}))", left.type)
        if kind != FLOAT and left.type != right.type:
            raise self.refused(node)
        if isinstance(node.op, ast.FloorDiv) and kind == INT:
            return Value(f"whole({left.text}, {right.text})", INT)
        if type(node.op) not in OPERATORS:
            raise self.refused(node)
        first = f"(double)({left.text})" if isinstance(node.op, ast.Div) else left.text
        return Value(f"({first} {OPERATORS[type(node.op)]} {right.text})", kind)

    def of_unaryop(self, node: ast.UnaryOp) -> Value:
        """Translate ``-x`` and ``not x``."""
        inner = self.value(node.operand)
        kind = INT if isinstance(node.op, ast.Not) else inner.type
        return Value(f"({OPERATORS[type(node.op)]}({inner.text}))", kind)

    def of_boolop(self, node: ast.BoolOp) -> Value:
        """Translate ``and`` and ``or``."""
        parts = [f"({self.value(item).text})" for item in node.values]
        return Value(f"({f' {OPERATORS[type(node.op)]} '.join(parts)})", INT)

    def of_compare(self, node: ast.Compare) -> Value:
        """Translate comparisons, also in a row."""
        values = [self.value(item) for item in (node.left, *node.comparators)]
        parts = [
            f"({left.text} {OPERATORS[type(op)]} {right.text})"
            for left, op, right in zip(values[:-1], node.ops, values[1:], strict=True)
        ]
        return Value(f"({' && '.join(parts)})", INT)

    def of_ifexp(self, node: ast.IfExp) -> Value:
        """Translate ``x if test else y``."""
        test, yes, no = self.value(node.test), self.value(node.body), self.value(node.orelse)
        kind = FLOAT if FLOAT in (yes.type, no.type) else yes.type
        return Value(f"(({test.text}) ? ({kind})({yes.text}) : ({kind})({no.text}))", kind)

    def of_call(self, node: ast.Call) -> Value:
        """Translate a call: of mathematics, of a change of type, or of another function of the kernel."""
        given, owner = node.func, None
        if isinstance(given, ast.Attribute) and isinstance(given.value, ast.Name):
            owner, name = given.value.id, given.attr
        elif isinstance(given, ast.Name):
            name = given.id
        else:
            raise self.refused(node)
        function = self.source.__globals__.get(name)
        if owner is None and name in BITS_OF_FRACTIONS:
            return Value(f"{name}({self.value(node.args[0]).text})", BITS_OF_FRACTIONS[name])
        is_own = owner is None and getattr(function, "__module__", "").startswith("sim.")
        if is_own and callable(function):
            other = self.program.function(function)
            passed = ["a" if self.is_arrays(item) else self.value(item).text for item in node.args]
            return Value(f"{other.name}({', '.join(passed)})", other.returns)
        arguments = [self.value(item) for item in node.args]
        if owner == "math" and name in MATHEMATICS:
            text = f"__builtin_{name}({arguments[0].text})"
            return Value(f"(int64_t){text}" if MATHEMATICS[name] == INT else text, MATHEMATICS[name])
        if owner is None and name in ("min", "max"):
            is_float = FLOAT in {argument.type for argument in arguments}
            chosen = {"min": "least", "max": "most"}[name] + ("_d" if is_float else "")
            first, second = (argument.text for argument in arguments)
            return Value(f"{chosen}({first}, {second})", FLOAT if is_float else INT)
        if owner in (None, "np") and name in CASTS:
            text = f"({CASTS[name]})({arguments[0].text})"
            return Value(f"({arguments[0].text} != 0)" if name == "bool" else text, CASTS[name])
        raise self.refused(node)

    def refused(self, node: ast.AST) -> NotTranslatableError:
        """Return an error with the place of the node."""
        return NotTranslatableError(f"{self.tree.name}: no translation for '{ast.unparse(node)}'")


def elements(arrays: Any) -> dict[str, str] | None:
    """Return the C type of the elements of each array of a class of named tuples; None for anything else."""
    if not (isinstance(arrays, type) and issubclass(arrays, tuple) and hasattr(arrays, "_fields")):
        return None
    found = {}
    for name, hint in get_type_hints(arrays).items():
        if get_origin(hint) is not np.ndarray:
            raise NotTranslatableError(f"{arrays.__name__}.{name} is not an array")
        found[name] = ELEMENTS[kind_of(hint).name]
    return found


def kind_of(hint: Any) -> np.dtype[Any]:
    """Return the type of the elements of an annotated array, as ``NDArray[np.int32]``."""
    element: type = get_args(get_args(hint)[1])[0]
    return np.dtype(element)


def annotated(node: ast.expr | None, structs: Collection[str]) -> str:
    """Return the C type of an annotation; ``structs`` are the names of tuples of arrays."""
    text = "None" if node is None else ast.unparse(node)
    known = {
        **{name: name for name in structs},
        "int": INT,
        "bool": INT,
        "float": FLOAT,
        "np.uint64": BITS,
        "None": NOTHING,
        "tuple[int, int]": "Two",
    }
    if text not in known:
        raise NotTranslatableError(f"no C type for {text}")
    return known[text]


def type_of_constant(value: Any) -> str:
    """Return the C type of a constant."""
    if isinstance(value, np.uint64):
        return BITS
    if isinstance(value, float | np.floating):
        return FLOAT
    if isinstance(value, bool | int | np.integer):
        return INT
    raise NotTranslatableError(f"no C type for the constant {value!r}")


def literal(value: Any) -> str:
    """Return a constant in C."""
    if isinstance(value, np.uint64):
        return f"UINT64_C({int(value)})"
    if isinstance(value, float | np.floating):
        if math.isnan(value):
            return '__builtin_nan("")'
        if math.isinf(value):
            return "__builtin_inf()" if value > 0 else "(-__builtin_inf())"
        return float(value).hex()
    return f"INT64_C({int(value)})" if value >= 0 else f"(-INT64_C({-int(value)}))"


def safe(name: str) -> str:
    """Return a variable's name that is distinct from those of C and of functions."""
    return name if name == "a" else f"v_{name}"
