"""The data dictionary: what each table and column holds, for people, for Frictionless Data and for CSV on the Web."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field

from sim.files.document import Document
from sim.files.toml import read_toml, validate
from sim.procedures.schema import Title
from sim.procedures.traits import FLAGS

Type = Literal["string", "number", "integer", "boolean", "date", "datetime"]
_CSVW_TYPES: Final[Mapping[Type, Any]] = {
    "string": "string",
    "number": "double",
    "integer": "integer",
    "boolean": {"base": "boolean", "format": "True|False"},
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "datetime": "datetime",
}


class RefersTo(Document):
    """The table in which the values of a column are named, by a key of one column or, ``with`` another, of two."""

    table: str
    beside: str | None = Field(default=None, alias="with")


class Column(Document):
    """What a column holds."""

    type: Type
    meaning: Title = Field(alias="is")
    one_of: tuple[str, ...] = ()
    refers_to: RefersTo | None = None


class Table(Document):
    """What a table holds; ``key``: columns that tell its rows apart; ``means``: what some hold here alone.

    ``sometimes``: columns that it has only where they are known.
    """

    title: Title
    meaning: Title = Field(alias="is")
    key: tuple[str, ...]
    columns: tuple[str, ...]
    sometimes: tuple[str, ...] = ()
    means: dict[str, Title] = Field(default_factory=dict)


class DictionaryFile(Document):
    """The file of the dictionary."""

    table: dict[str, Table]
    column: dict[str, Column]
    any_flag: Column
    any_level: Column


@dataclass(frozen=True)
class Described:
    """One table of a folder with its columns in order.

    Attributes
    ----------
    name, path
        Name of the table, and of its CSV file in the folder.
    table
        Its title and meaning.
    columns
        Name and meaning of each column.
    """

    name: str
    path: str
    table: Table
    columns: Mapping[str, Column]

    def references(self, known: Sequence[str]) -> Iterator[tuple[list[str], str, list[str]]]:
        """Give the columns that refer to another of the known tables, that table, and its columns."""
        for name, column in self.columns.items():
            to = column.refers_to
            if to is None or to.table == self.name or to.table not in known or self.name == "persons":
                continue
            key = name if name not in {"baseline", "reform"} else "regime"
            beside = [to.beside] if to.beside else []
            yield [name, *beside], to.table, [key, *beside]


@cache
def dictionary() -> DictionaryFile:
    """Return the dictionary of this package."""
    path = Path(__file__).with_name("dictionary.toml")
    return validate(DictionaryFile, read_toml(path), path)


def described(name: str, path: str, columns: Sequence[str], resource: str = "") -> Described:
    """Return what a table and its columns hold.

    Parameters
    ----------
    name
        Name of the table in the dictionary.
    path
        Its CSV file in the folder.
    columns
        The columns it has. Those of persons that the dictionary does not name are traits, levels and beliefs.
    resource
        Name of the table in the folder, where it is another than in the dictionary.
    """
    table = dictionary().table[name]
    return Described(resource or name, path, table, {column: _column(name, table, column) for column in columns})


def _column(name: str, table: Table, column: str) -> Column:
    known = dictionary().column.get(column)
    if known is None:
        assert name == "persons", f"{name}.{column} is not in the dictionary"
        return dictionary().any_flag if column in FLAGS else dictionary().any_level
    own = table.means.get(column)
    changes: dict[str, Any] = {} if own is None else {"meaning": own}
    return known.model_copy(update=changes)


def table_schema(table: Described, known: Sequence[str]) -> dict[str, Any]:
    """Return the Frictionless Table Schema of a table; known: the tables that others may refer to."""
    fields = [
        {
            "name": name,
            "type": column.type,
            "description": column.meaning.en,
            "description_nl": column.meaning.nl,
            **({"constraints": {"enum": list(column.one_of)}} if column.one_of else {}),
        }
        for name, column in table.columns.items()
    ]
    keys = [
        {"fields": own, "reference": {"resource": other, "fields": its}} for own, other, its in table.references(known)
    ]
    return {
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": list(table.table.key)} if table.table.key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def csvw_metadata(tables: Sequence[Described], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of CSV on the Web of some tables, for a file beside ``tables/``."""
    known = [table.name for table in tables]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        **about,
        "tables": [_csvw_table(table, known, {other.name: other.path for other in tables}) for table in tables],
    }


def _csvw_table(table: Described, known: Sequence[str], paths: Mapping[str, str]) -> dict[str, Any]:
    columns = [
        {
            "name": name,
            "titles": name,
            "datatype": _CSVW_TYPES[column.type],
            "dc:description": _both(column.meaning),
            **({"required": True} if name in table.table.key else {}),
        }
        for name, column in table.columns.items()
    ]
    keys = [
        {"columnReference": own, "reference": {"resource": paths[other], "columnReference": its}}
        for own, other, its in table.references(known)
    ]
    return {
        "url": table.path,
        "dc:title": _both(table.table.title),
        "dc:description": _both(table.table.meaning),
        "tableSchema": {
            "columns": columns,
            **({"primaryKey": list(table.table.key)} if table.table.key else {}),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _both(title: Title) -> list[dict[str, str]]:
    return [{"@value": title.en, "@language": "en"}, {"@value": title.nl, "@language": "nl"}]
