"""Ways to corrupt a file: its structure, its lines, its bytes; as hypothesis strategies over whole files."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any

import tomli_w
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NESTED: Any = "deepest"
for _ in range(60):
    NESTED = [NESTED]
ODD = (
        float("nan"), float("inf"), float("-inf"), -0.0, 0, 1, -1, 0.5, 2, 1e308, 5e-324, 1e10, -1e10, 1e-9,
        2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**70, True, False, "", " ", "x" * 100_000, "a.b.c", "..",
        ".toml", "../x.toml", "+", "U1=", "vc_2018", "vc_2018+vc_2018", "R1+U1=ninety_days", "not ", "not victim",
        "at ", "ever b8.permit", "victims:", "network:x", "fear * fear", "*", "nan", "2019-08-01", "true", "é",
        "e\u0301",
        "\u202egnirts", "\u200b", "\U0001f600", "\x7f", dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2019, 8, 1),
        dt.datetime(2019, 8, 1, 12, 30), dt.datetime(2019, 8, 1, tzinfo=dt.UTC), dt.time(12, 30), [], {}, [[]], [{}],
        {"": ""}, NESTED, ["vc_2018", "vc_2018"], [1, "1", True],
    )  # fmt: skip
ODD_VALUES = st.sampled_from(ODD)
VALUES = st.one_of(ODD_VALUES, ODD_VALUES, TEXT, st.integers(), st.floats(), st.dates(), st.booleans())
EDITS = ("drop", "rename", "replace", "replace", "retype", "swap", "copy value", "copy key", "reverse", "move", "scale")
NUDGES = (0, -1, 2, 0.5, 10, 1000, 1e9, 1e-9, 1e300)
BYTES = st.sampled_from(
    [
        b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\r", b"\r\n", b"\n", b"\n\n", b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80",
        b"\x1b[31m", b'"', b"'", b'"""', b"[", b"]", b"[[", b"{", b"}", b"=", b"#", b",", b".", b"\\", b"\\u0000", b"-",
        b"+", b"e9", b"_", b"0", b"9" * 30, b"9" * 5000, b"nan", b"inf", b"true", b"2019-02-30", b"\t", b"\xe2\x80\xa8",
        b"@", b"%", b"[" * 3000,
    ]
)  # fmt: skip


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Return every key of every table and every index of every list, as (container, key)."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in list(keys):
        yield node, key
        yield from places(node[key])


@st.composite
def structures(draw: st.DrawFn, documents: tuple[dict[str, Any], ...]) -> bytes:
    """Draw a document that is TOML but invalid: one to three edits of keys and values."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 3))):
        spots = list(places(document))
        if not spots:
            break
        _edit(draw, document, *draw(st.sampled_from(spots)))
    return tomli_w.dumps(document).encode()


def _edit(draw: st.DrawFn, document: dict[str, Any], container: Any, key: Any) -> None:
    """Change one thing."""
    kind, value = draw(st.sampled_from(EDITS)), container[key]
    others = list(places(document))
    where, other = draw(st.sampled_from(others))
    if kind == "drop":
        del container[key]
    elif kind == "rename" and isinstance(container, dict):
        new = draw(_misspelt(key))
        items = [(new if name == key else name, item) for name, item in container.items()]
        container.clear()
        container.update(items)
    elif kind == "retype":
        same = copy.deepcopy(value)
        container[key] = draw(st.sampled_from([str(value), [value], {"en": value, "nl": same}, True, 0, [value, same]]))
    elif kind == "swap":
        if not _holds(value, where) and not _holds(where[other], container):
            container[key], where[other] = where[other], container[key]
    elif kind == "copy value":
        container[key] = copy.deepcopy(where[other])
    elif kind == "copy key" and isinstance(container, dict) and isinstance(where, dict):
        where[draw(TEXT) if where is container else key] = copy.deepcopy(value)
    elif kind == "reverse" and isinstance(value, list):
        value.reverse()
    elif kind == "move" and isinstance(where, dict) and isinstance(key, str) and not _holds(value, where):
        where[key] = container.pop(key)
    elif kind == "scale" and isinstance(value, int | float) and not isinstance(value, bool):
        container[key] = value * draw(st.sampled_from(NUDGES))
    elif kind == "scale" and type(value) is dt.date:
        container[key] = value + dt.timedelta(draw(st.integers(-4000, 4000)))
    else:
        # A copy: what is drawn is one object for all, and later edits go into it.
        container[key] = copy.deepcopy(draw(VALUES))


def _misspelt(name: str) -> st.SearchStrategy[str]:
    """Draw a misspelt name, or an unrelated one."""
    half = len(name) // 2
    near = [name.upper(), name + "_", f" {name}", name[:-1], name[half:] + name[:half], name.replace("e", "\u0435"), ""]
    return st.sampled_from(near) | TEXT


def _holds(node: Any, container: Any) -> bool:
    """Return whether a container is this node or part of it."""
    if node is container:
        return True
    return any(_holds(where[key], container) for where, key in places(node) if isinstance(where[key], dict | list))


@st.composite
def lines(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """Draw a text with one to three lines doubled, dropped, moved, swapped, or written over by another."""
    text = draw(st.sampled_from(contents)).split(b"\n")
    for _ in range(draw(st.integers(1, 3))):
        one, other = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, len(text) - 1))
        kind = draw(st.sampled_from(("double", "drop", "move", "swap", "overwrite", "join")))
        if kind == "double":
            text.insert(other, text[one])
        elif kind == "drop" and len(text) > 1:
            del text[one]
        elif kind == "move":
            text.insert(other, text.pop(one))
        elif kind == "swap":
            text[one], text[other] = text[other], text[one]
        elif kind == "join":
            text[one] += text[other]
        else:
            text[one] = text[other]
    return b"\n".join(text)


@st.composite
def raw(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """Draw a file with one to four changes of its bytes."""
    content = draw(st.sampled_from(contents))
    for _ in range(draw(st.integers(1, 4))):
        at, kind = draw(st.integers(0, len(content))), draw(st.integers(0, 9))
        length = draw(st.integers(1, 40))
        if kind <= 2 and at < len(content):
            flipped = content[at] ^ (1 << draw(st.integers(0, 7)))
            content = content[:at] + bytes([flipped]) + content[at + 1 :]
        elif kind <= 5:
            content = content[:at] + draw(BYTES | st.binary(min_size=1, max_size=4)) + content[at:]
        elif kind == 6:
            content = content[:at] + content[at + length :]
        elif kind == 7:
            content = content[:at] + content[at : at + length] + content[at:]
        elif kind == 8:
            content = content[:at]
        else:
            content = draw(st.sampled_from(WHOLE))(content)
    return content


def _utf_16(content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode("utf-16")


WHOLE = (
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.replace(b"\n", b"\r\n"),
    lambda content: content.replace(b"\n", b"\r"),
    lambda content: content + b"\0",
    lambda content: content.replace(b"=", b" =", 1),
    lambda content: content.replace(b'"', b"'"),
    lambda content: content * 2,
    _utf_16,
)


def spoilt(contents: tuple[bytes, ...], *, toml: bool) -> st.SearchStrategy[bytes]:
    """Draw a corrupted version of one of these files."""
    ways = [raw(contents), lines(contents)]
    if toml:
        ways += [structures(tuple(tomllib.loads(content.decode()) for content in contents))] * 2
    return st.one_of(ways)
