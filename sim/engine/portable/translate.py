"""Translates the kernel to C: every function that ``advance`` calls, its constants, and the arrays that it reads.

The kernel is written in a small part of Python: whole numbers, fractions, arrays, loops, calls. Each statement becomes
the equivalent C statement; anything outside that part is refused. So the C kernel cannot drift from the engine.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sim.engine.portable.expressions import (
    INT,
    OPERATORS,
    Expressions,
    NotTranslatableError,
    Value,
    annotated,
    elements,
    literal,
    safe,
    type_of_constant,
)

PRELUDE = """\
#include <stdint.h>

#ifdef __wasm__
#define EXPORTED(name) __attribute__((export_name(#name)))
#else
#define EXPORTED(name)
#endif
#define ALIGNED __attribute__((aligned(8)))

static inline int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }
static inline int64_t most(int64_t x, int64_t y) { return x > y ? x : y; }
static inline double least_d(double x, double y) { return x < y ? x : y; }
static inline double most_d(double x, double y) { return x > y ? x : y; }
static inline int64_t whole(int64_t x, int64_t y) { return x / y - ((x % y != 0) && ((x < 0) != (y < 0))); }
static inline int64_t bits_of(double x) { int64_t bits; __builtin_memcpy(&bits, &x, 8); return bits; }
static inline double of_bits(int64_t bits) { double x; __builtin_memcpy(&x, &bits, 8); return x; }
typedef struct { int64_t first, second; } Two;
"""


@dataclass
class Program:
    """The functions, constants and tuples of arrays translated so far."""

    structs: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    def function(self, given: Any) -> Function:
        """Return a function of the kernel, translated on first use."""
        source = getattr(given, "py_func", given)
        for name in _names(source.__name__):
            if name not in self.functions:
                self.functions[name] = Function(self, source, name)
            if self.functions[name].source is source:
                return self.functions[name]
        raise AssertionError("names do not end")

    def constant(self, given: str, value: Any) -> Value:
        """Register a constant; return its text in C."""
        kind = type_of_constant(value)
        for name in _names(given):
            text, known = self.constants.setdefault(name, (literal(value), kind))
            if (text, known) == (literal(value), kind):
                return Value(name, kind)
        raise AssertionError("names do not end")

    def struct(self, argument: ast.arg, source: Any) -> str | None:
        """Return the name of the tuple of arrays that an argument is, and register its arrays; None for a number."""
        name = argument.annotation.id if isinstance(argument.annotation, ast.Name) else ""
        kinds = elements(source.__globals__.get(name))
        if kinds is None:
            return None
        if self.structs.setdefault(name, kinds) != kinds:
            raise NotTranslatableError(f"two tuples of arrays of the kernel have the name {name}")
        return name

    def text(self) -> str:
        """Return the whole program."""
        for given in list(self.functions.values()):
            given.translate()
        lines = [PRELUDE]
        for struct, kinds in self.structs.items():
            fields = [f"  {kind} *{name} ALIGNED; int64_t {name}_n0, {name}_n1;" for name, kind in kinds.items()]
            lines += ["typedef struct {", *fields, f"}} {struct};", ""]
        lines += [f"#define {name} {text}" for name, (text, _) in sorted(self.constants.items())]
        lines += ["", *(f"{f.head()};" for f in self.functions.values()), ""]
        lines += [f.text for f in self.functions.values()]
        return "\n".join(lines) + "\n"


def _names(name: str) -> Iterator[str]:
    """Yield names for what has this name in its module: several modules can use one."""
    yield name
    for number in count(2):
        yield f"{name}_{number}"


def kernel_in_c(*entrances: Callable[..., Any]) -> str:
    """Return the C source of functions of the kernel and of all that they call.

    A tuple of arrays becomes a struct: for each array, in order, its address and two sizes (the second is that of a
    row, or 1), each in 8 bytes.
    """
    program = Program()
    for entrance in entrances:
        program.function(entrance).exported = True
    while not all(function.text for function in program.functions.values()):
        for function in list(program.functions.values()):
            function.translate()
    return program.text()


class Function(Expressions):
    """One function of the kernel."""

    def __init__(self, program: Program, source: Any, name: str) -> None:
        self.program, self.source, self.name = program, source, name
        self.exported, self.text, self.alias = False, "", {}
        tree = ast.parse(textwrap.dedent(inspect.getsource(source))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self.tree = tree
        self.struct = next((s for argument in tree.args.args if (s := program.struct(argument, source))), None)
        known = () if self.struct is None else (self.struct,)
        self.parameters = {argument.arg: annotated(argument.annotation, known) for argument in tree.args.args}
        self.returns = annotated(tree.returns, ())
        self.types: dict[str, str] = dict(self.parameters)
        self.lines: list[str] = []
        self.hidden = 0

    def head(self) -> str:
        """Return the declaration."""
        kind = f"EXPORTED({self.name}) " if self.exported else "static "
        arguments = [f"{t} {'*' if t == self.struct else ''}{safe(n)}" for n, t in self.parameters.items()]
        return f"{kind}{self.returns} {self.name}({', '.join(arguments)})"

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

    def statement(self, node: ast.stmt, depth: int) -> None:
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
