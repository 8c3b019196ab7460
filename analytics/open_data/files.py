"""The files of open data: CSV as the government recommends it to municipalities, and a catalogue that machines find them by.

CSV: デジタル庁「自治体標準オープンデータセット」 and its guide to tables: UTF-8, one head line, one record a line, ISO 8601 days,
numbers without separators or units, an empty cell where nothing is known. Catalogue: W3C DCAT 3 (2024) as JSON-LD, with the
checksum of each file (SPDX) and its columns (CSV on the Web, W3C 2015).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analytics.open_data.tables import KINDS, Table
from analytics.reports.source import following
from web.csvfile import guarded

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
DATATYPES = {"text": "string", "day": "date", "count": "integer"}


@dataclass(frozen=True, slots=True)
class File:
    """One that was published. `digest`: SHA-256 of its bytes."""

    month: date
    name: str
    digest: bytes
    size: int
    withheld: int
    made_at: datetime


def write(table: Table) -> bytes:
    """The file of a table, the same bytes each time. What somebody else wrote (a trade's name) can become no formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.title for column in table.columns)
    for row in table.rows:
        writer.writerow("" if cell is None else guarded(cell) if isinstance(cell, str) else cell for cell in row)
    return text.getvalue().encode()


def digest(content: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(content).digest()


def catalog(base: str, district: str, publisher: str, files: Iterable[File]) -> dict[str, Any]:
    """Everything that was published, as DCAT, in Japanese like the files. `base`: the address of the page, without a slash at its end."""
    by_name: dict[str, list[File]] = {}
    for file in files:
        by_name.setdefault(file.name, []).append(file)
    return {
        "@context": CONTEXT,
        "@id": f"{base}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _japanese(f"{district}のオープンデータ"),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": publisher},
        "dct:license": {"@id": LICENCE},
        "dct:language": {"@id": "http://id.loc.gov/vocabulary/iso639-1/ja"},
        "dcat:dataset": [_dataset(base, publisher, kind, by_name[kind.name]) for kind in KINDS if kind.name in by_name],
    }


def _dataset(base: str, publisher: str, kind: Table, files: list[File]) -> dict[str, Any]:
    return {
        "@id": f"{base}#{kind.name}",
        "@type": "dcat:Dataset",
        "dct:title": _japanese(kind.title),
        "dct:description": _japanese(kind.about),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": publisher},
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/MONTHLY"},
        "dct:issued": _moment(min(file.made_at for file in files)),
        "dct:modified": _moment(max(file.made_at for file in files)),
        "csvw:tableSchema": {
            "csvw:columns": [
                {
                    "csvw:title": column.title,
                    "dct:description": column.meaning,
                    "csvw:datatype": DATATYPES[column.kind],
                    **({"csvw:unit": column.unit} if column.unit else {}),
                }
                for column in kind.columns
            ]
        },
        "dcat:distribution": [_distribution(base, kind, file) for file in files],
    }


def _distribution(base: str, kind: Table, file: File) -> dict[str, Any]:
    last = following(file.month) - timedelta(days=1)
    return {
        "@id": f"{base}/{file.month:%Y-%m}/{file.name}.csv",
        "@type": "dcat:Distribution",
        "dct:title": _japanese(f"{kind.title} {file.month:%Y-%m}"),
        "dcat:downloadURL": {"@id": f"{base}/{file.month:%Y-%m}/{file.name}.csv"},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dcat:byteSize": file.size,
        "dct:issued": _moment(file.made_at),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": file.month.isoformat(), "@type": "xsd:date"},
            "dcat:endDate": {"@value": last.isoformat(), "@type": "xsd:date"},
        },
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file.digest.hex(),
        },
    }


def _japanese(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "ja"}


def _moment(at: datetime) -> dict[str, str]:
    return {"@value": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "@type": "xsd:dateTime"}
