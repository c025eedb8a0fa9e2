"""The database standards, ``resources/schemas/standards`` and ``domains.yaml``, as core takes them."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Dict, List, Mapping, Optional, Sequence

from three_opt_three_protect import paths
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.schema import Domain, StandardField, StandardLayer, Standards
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

_GEOMETRIES = ("polygon", "line", "point", "table", "any")
_KINDS = tuple(kind.value for kind in (Kind.TEXT, Kind.INT, Kind.REAL, Kind.DATE))
_FIELD_REQUIRED = ("alias", "kind")
_FIELD_OPTIONAL = (
    "names", "width", "decimals", "required", "optional", "unique", "length", "domain", "low", "high", "role", "status",
)  # fmt: skip


@cache
def load_standards() -> Standards:
    """All standard layers and domains.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line: an unknown or doubled key, a role or domain that does not exist,
        a width that cannot be.
    """
    domains = _domains()
    layers: Dict[str, StandardLayer] = {}
    titles: Dict[str, str] = {}
    for path in sorted(paths.resource("schemas", "standards").glob("*.yaml")):
        keys = read_yaml(path).mapping(("standard", "title", "layers"), ())
        standard = keys["standard"].text()
        if standard in titles:
            keys["standard"].fail("resource_duplicate_key", key=standard)
        titles[standard] = keys["title"].text()
        for entry in keys["layers"].mapping().values():
            layer = _layer(standard, entry, domains)
            layers[layer.id] = layer
    return Standards(MappingProxyType(layers), domains, MappingProxyType(titles))


def _domains() -> Mapping[str, Domain]:
    root = read_yaml(paths.resource("schemas", "domains.yaml")).mapping(("domains",), ())
    return MappingProxyType({name: _domain(entry) for name, entry in root["domains"].mapping().items()})


def _domain(entry: Entry) -> Domain:
    keys = entry.mapping(("title", "status", "values"), ())
    values = {code: value.text() for code, value in keys["values"].mapping().items()}
    return Domain(entry.name, keys["title"].text(), MappingProxyType(values), keys["status"].text())


def _layer(standard: str, entry: Entry, domains: Mapping[str, Domain]) -> StandardLayer:
    keys = entry.mapping(("alias", "geometry", "fields"), ("role", "names", "status"))
    roles = load_role_schemas()
    role = keys["role"].word_of(tuple(roles)) if "role" in keys else ""
    fields = [_field(each, domains, roles.get(role)) for each in keys["fields"].mapping().values()]
    _refuse_doubles(keys["fields"], fields)
    return StandardLayer(
        id=f"{standard}.{entry.name}",
        standard=standard,
        name=entry.name,
        alias=keys["alias"].text(),
        role=role,
        geometry=keys["geometry"].word_of(_GEOMETRIES),
        fields=tuple(fields),
        names=keys["names"].texts() if "names" in keys else (),
        status=_text(keys, "status"),
    )


def _field(entry: Entry, domains: Mapping[str, Domain], role: Optional[RoleSchema]) -> StandardField:
    keys = entry.mapping(_FIELD_REQUIRED, _FIELD_OPTIONAL)
    width, decimals, length = (_whole(keys, name) for name in ("width", "decimals", "length"))
    if decimals and decimals >= width:
        keys["decimals"].wrong(f"0–{width - 1}")
    if length > width:
        keys["length"].wrong(f"0–{width}")
    low, high = _number(keys, "low"), _number(keys, "high")
    if low is not None and high is not None and low > high:
        keys["low"].wrong(f"≤ {high:g}")
    return StandardField(
        name=entry.name,
        alias=keys["alias"].text(),
        kind=Kind(keys["kind"].word_of(_KINDS)),
        names=keys["names"].texts() if "names" in keys else (),
        width=width,
        decimals=decimals,
        required=_switch(keys, "required"),
        optional=_switch(keys, "optional"),
        unique=_switch(keys, "unique"),
        length=length,
        domain=keys["domain"].word_of(tuple(domains)) if "domain" in keys else "",
        low=low,
        high=high,
        role=keys["role"].word_of(() if role is None else tuple(role.fields)) if "role" in keys else "",
        status=_text(keys, "status"),
    )


def _refuse_doubles(entry: Entry, fields: Sequence[StandardField]) -> None:
    """No name may stand for two fields of a layer, in upper or lower case, nor may a role."""
    names = [name.upper() for each in fields for name in (each.name, *each.names)]
    roles = [each.role for each in fields if each.role]
    for name in _doubles(names) + _doubles(roles):
        entry.fail("resource_duplicate_key", key=name)


def _doubles(words: Sequence[str]) -> List[str]:
    return [word for place, word in enumerate(words) if word in words[:place]]


def _text(keys: Mapping[str, Entry], name: str) -> str:
    return keys[name].text() if name in keys else ""


def _whole(keys: Mapping[str, Entry], name: str) -> int:
    if name not in keys:
        return 0
    if keys[name].whole() < 0:
        keys[name].wrong("≥ 0")
    return keys[name].whole()


def _number(keys: Mapping[str, Entry], name: str) -> Optional[float]:
    return keys[name].number() if name in keys else None


def _switch(keys: Mapping[str, Entry], name: str) -> bool:
    return keys[name].switch() if name in keys else False
