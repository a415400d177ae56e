"""Translates the kernel to C: every function that ``advance`` calls, its constants, and the arrays that it reads.

The kernel is written in a small part of Python: whole numbers, fractions, arrays, loops, calls. Each statement becomes
the equivalent C statement; anything outside that part is refused. So the C kernel cannot drift from the engine.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.kernel_in_c.expressions import (
    ELEMENTS,
    INT,
    OPERATORS,
    Expressions,
    NotTranslatableError,
    Value,
    annotated,
    literal,
    safe,
    type_of_constant,
)

PRELUDE = """\
#include <math.h>
#include <stdint.h>

static inline int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }
static inline int64_t most(int64_t x, int64_t y) { return x > y ? x : y; }
static inline double least_d(double x, double y) { return x < y ? x : y; }
static inline double most_d(double x, double y) { return x > y ? x : y; }
static inline int64_t whole(int64_t x, int64_t y) { return x / y - ((x % y != 0) && ((x < 0) != (y < 0))); }
"""
TWO = "typedef struct { int64_t first, second; } Two;"


@dataclass
class Program:
    """The functions and constants translated so far."""

    arrays: dict[str, np.ndarray[Any, Any]]
    struct: str
    constants: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    def function(self, given: Any) -> Function:
        """Return a function of the kernel, translated on first use."""
        source = getattr(given, "py_func", given)
        name = source.__name__
        if name not in self.functions:
            self.functions[name] = Function(self, source)
        if self.functions[name].source is not source:
            raise NotTranslatableError(f"two functions of the kernel have the name {name}")
        return self.functions[name]

    def constant(self, name: str, value: Any) -> Value:
        """Register a constant; return its text in C."""
        if self.constants.setdefault(name, value) != value:
            raise NotTranslatableError(f"two constants of the kernel have the name {name}")
        return Value(name, type_of_constant(value))

    def text(self) -> str:
        """Return the whole program."""
        for given in list(self.functions.values()):
            given.translate()
        fields = []
        for name, array in self.arrays.items():
            fields.append(f"  {ELEMENTS[array.dtype.name]} *{name};")
            fields += [f"  int64_t {name}_n{axis};" for axis in range(array.ndim)]
        lines = [
            PRELUDE,
            "typedef struct {",
            *fields,
            f"}} {self.struct};",
            "typedef struct { int64_t first, second; } Two;",
            "",
        ]
        lines += [f"#define {name} {literal(value)}" for name, value in sorted(self.constants.items())]
        lines += ["", *(f"{f.head()};" for f in self.functions.values()), ""]
        lines += [f.text for f in self.functions.values()]
        return "\n".join(lines) + "\n"


def kernel_in_c(entrance: Callable[..., Any], arrays: Any) -> str:
    """Return the C source of an entrance and what it calls, for arrays such as these (names, types and dimensions)."""
    named = dict(zip(arrays._fields, arrays, strict=True))
    program = Program(named, type(arrays).__name__)
    program.function(entrance).exported = True
    while not all(function.text for function in program.functions.values()):
        for function in list(program.functions.values()):
            function.translate()
    return program.text()


class Function(Expressions):
    """One function of the kernel."""

    def __init__(self, program: Program, source: Any) -> None:
        self.program, self.source = program, source
        self.exported, self.text, self.alias = False, "", {}
        tree = ast.parse(textwrap.dedent(inspect.getsource(source))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self.tree = tree
        self.parameters = {argument.arg: annotated(argument.annotation, program.struct) for argument in tree.args.args}
        self.returns = annotated(tree.returns, program.struct)
        self.types: dict[str, str] = dict(self.parameters)
        self.lines: list[str] = []
        self.hidden = 0

    def head(self) -> str:
        """Return the declaration."""
        kind = "" if self.exported else "static "
        arguments = [f"{t} {'*' if t == self.program.struct else ''}{safe(n)}" for n, t in self.parameters.items()]
        return f"{kind}{self.returns} {self.tree.name}({', '.join(arguments)})"

    def translate(self) -> None:
        """Translate the body, twice, since the type of a variable can follow from a later statement."""
        if self.text:
            return
        for _ in range(2):
            self.lines, self.hidden = [], 0
            self.block(self.tree.body, 1)
        names = [n for n, t in self.types.items() if n not in self.parameters and t != "alias"]
        declared = [f"  {self.types[name]} {safe(name)} = 0;" for name in names]
        self.text = "\n".join([f"{self.head()} {{", *declared, *self.lines, "}", ""])

    # ---- statements ----

    def block(self, statements: list[ast.stmt], depth: int) -> None:
        """Translate statements."""
        for statement in statements:
            self.statement(statement, depth)

    def write(self, depth: int, text: str) -> None:
        """Add a line."""
        self.lines.append("  " * depth + text)

    def statement(self, node: ast.stmt, depth: int) -> None:  # noqa: PLR0912 - one way for each kind
        """Translate one statement."""
        if isinstance(node, ast.Expr):
            if not isinstance(node.value, ast.Constant):
                self.write(depth, f"{self.value(node.value).text};")
        elif isinstance(node, ast.Assign):
            self.assign(node.targets[0], node.value, depth)
        elif isinstance(node, ast.AugAssign):
            target, value = self.place(node.target), self.value(node.value)
            if isinstance(node.op, ast.FloorDiv):
                self.write(depth, f"{target} = whole({target}, {value.text});")
            elif type(node.op) in OPERATORS:
                self.write(depth, f"{target} {OPERATORS[type(node.op)]}= {value.text};")
            else:
                raise self.refused(node)
        elif isinstance(node, ast.If):
            self.write(depth, f"if ({self.value(node.test).text}) {{")
            self.block(node.body, depth + 1)
            if node.orelse:
                self.write(depth, "} else {")
                self.block(node.orelse, depth + 1)
            self.write(depth, "}")
        elif isinstance(node, ast.While):
            self.write(depth, f"while ({self.value(node.test).text}) {{")
            self.block(node.body, depth + 1)
            self.write(depth, "}")
        elif isinstance(node, ast.For):
            self.loop(node, depth)
        elif isinstance(node, ast.Return):
            self.give_back(node.value, depth)
        elif isinstance(node, ast.Break | ast.Continue):
            self.write(depth, "break;" if isinstance(node, ast.Break) else "continue;")
        elif not isinstance(node, ast.Pass):
            raise self.refused(node)

    def assign(self, target: ast.expr, given: ast.expr, depth: int) -> None:
        """Translate an assignment."""
        if self.is_pinning(given):
            return
        if isinstance(target, ast.Tuple):
            self.assign_several(target, given, depth)
            return
        if isinstance(target, ast.Name) and isinstance(given, ast.Attribute) and self.is_arrays(given.value):
            self.types[target.id] = "alias"
            self.alias[target.id] = given.attr
            return
        value = self.value(given)
        self.write(depth, f"{self.place(target, value.type)} = {value.text};")

    def assign_several(self, target: ast.Tuple, given: ast.expr, depth: int) -> None:
        """Translate ``x, y = 1, 2`` and ``x, y = function()``."""
        self.hidden += 1
        if isinstance(given, ast.Tuple):
            values = [self.value(item) for item in given.elts]
            names = [f"_{self.hidden}_{i}" for i in range(len(values))]
            for name, value in zip(names, values, strict=True):
                self.write(depth, f"{value.type} {name} = {value.text};")
        else:
            call = self.value(given)
            if call.type != "Two":
                raise self.refused(given)
            self.write(depth, f"Two _{self.hidden} = {call.text};")
            names = [f"_{self.hidden}.first", f"_{self.hidden}.second"]
            values = [Value(name, INT) for name in names]
        for item, name, value in zip(target.elts, names, values, strict=True):
            self.write(depth, f"{self.place(item, value.type)} = {name};")

    def loop(self, node: ast.For, depth: int) -> None:
        """Translate ``for x in range(...)``."""
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"):
            raise self.refused(node)
        bounds = [self.value(item).text for item in call.args]
        first, last, step = (["0", *bounds] if len(bounds) == 1 else bounds) + ["1"] * (3 - max(len(bounds), 2))
        self.hidden += 1
        counter, end = f"_{self.hidden}", f"_{self.hidden}_end"
        compare = ">" if step.startswith(("-", "(-")) else "<"
        loop = f"int64_t {counter} = {first}, {end} = {last}; {counter} {compare} {end}; {counter} += {step}"
        self.write(depth, f"for ({loop}) {{")
        self.write(depth + 1, f"{self.place(node.target, INT)} = {counter};")
        self.block(node.body, depth + 1)
        self.write(depth, "}")

    def give_back(self, given: ast.expr | None, depth: int) -> None:
        """Translate ``return``."""
        if given is None:
            self.write(depth, "return;")
        elif isinstance(given, ast.Tuple):
            first, second = (self.value(item).text for item in given.elts)
            self.write(depth, f"return (Two){{{first}, {second}}};")
        else:
            self.write(depth, f"return {self.value(given).text};")
