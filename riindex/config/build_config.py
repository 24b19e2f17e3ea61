"""All settings of a build, from options, TOML and a recorded build, checked at construction."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, cast, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from riindex.config.sections import (
    DOCUMENT_NOUNS,
    AssignConfig,
    BehaveConfig,
    ClassifyConfig,
    DenoiseConfig,
    EmbedConfig,
    EnrichConfig,
    EvaluateConfig,
    FitConfig,
    FuseConfig,
    IndexConfig,
    IngestConfig,
    LayoutConfig,
    StancesConfig,
    SucceedConfig,
)
from riindex.errors import ConfigError
from riindex.machine.memory import parse_size


@dataclass(frozen=True)
class BuildConfig:
    """All settings of one build; sections are named after their stages."""

    preset: str = "tweets"
    seed: int = 42
    threads: int = 0
    memory: str = ""
    ingest: IngestConfig = IngestConfig()
    embed: EmbedConfig = EmbedConfig()
    denoise: DenoiseConfig = DenoiseConfig()
    stances: StancesConfig = StancesConfig()
    behave: BehaveConfig = BehaveConfig()
    classify: ClassifyConfig = ClassifyConfig()
    fuse: FuseConfig = FuseConfig()
    fit: FitConfig = FitConfig()
    succeed: SucceedConfig = SucceedConfig()
    assign: AssignConfig = AssignConfig()
    enrich: EnrichConfig = EnrichConfig()
    layout: LayoutConfig = LayoutConfig()
    evaluate: EvaluateConfig = EvaluateConfig()
    index: IndexConfig = IndexConfig()

    def __post_init__(self) -> None:
        _check(self)

    def only(self, sections: Sequence[str]) -> BuildConfig:
        """Return the same settings, of which only these can be read: sections, ``section.field``, or ``seed``."""
        fields_of: dict[str, set[str]] = {}
        for name in sections:
            section, _, field = name.partition(".")
            fields_of.setdefault(section, set()).add(field)
        view = object.__new__(_DeclaredConfig)
        view.__dict__.update(self.__dict__, declared=frozenset(fields_of))
        for section, names in fields_of.items():
            if "" not in names:
                view.__dict__[section] = _DeclaredSection(getattr(self, section), names)
        return view

    def section(self, name: str) -> dict[str, Any]:
        """Return the settings of one section as plain values; of ``seed`` or ``section.field``, its value."""
        section, _, field = name.partition(".")
        if field:
            return {field: getattr(getattr(self, section), field)}
        value = getattr(self, name)
        return dataclasses.asdict(value) if dataclasses.is_dataclass(value) else {name: value}  # type: ignore[arg-type]

    def to_json(self) -> str:
        """Return the whole configuration as JSON, keys sorted."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    @property
    def digest(self) -> str:
        """Hash of every setting that can change a result (threads and memory cannot)."""
        values = dataclasses.asdict(self)
        del values["threads"], values["memory"]
        return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=8).hexdigest()

    def with_setting(self, key: str, value: object) -> BuildConfig:
        """Return a copy with ``key`` (``seed``, ``fit.personas``, or ``personas`` where unique) set.

        ``value`` may be text, as it comes from ``--set``. Raises ConfigError for an unknown key or a bad value.
        """
        section, name = _locate(key)
        owner: Any = getattr(self, section) if section else self
        new = _convert(value, get_type_hints(type(owner))[name], key)
        changes: dict[str, Any] = {name: new}
        changed = dataclasses.replace(owner, **changes)
        if not section:
            return cast("BuildConfig", changed)
        sections: dict[str, Any] = {section: changed}
        return dataclasses.replace(self, **sections)


class _DeclaredSection:
    """A section of which a stage can read the fields that it declares."""

    def __init__(self, section: Any, names: set[str]) -> None:
        self._section, self._names = section, names

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise LookupError(f"the setting {name} is not declared here")
        return getattr(self._section, name)


class _DeclaredConfig(BuildConfig):
    """Settings of which a stage can read what it declares, and nothing else."""

    def __getattribute__(self, name: str) -> Any:
        if name in BuildConfig.__dataclass_fields__ and name not in object.__getattribute__(self, "declared"):
            raise LookupError(f"the setting {name} is not declared here")
        return object.__getattribute__(self, name)


# Settings that belong to no stage.
_TOP = ("seed", "threads", "memory")
_SECTIONS = tuple(f.name for f in fields(BuildConfig) if f.name not in ("preset", *_TOP))


def from_json(text: str) -> BuildConfig:
    """Return the settings that ``BuildConfig.to_json`` wrote, as a build recorded them; ConfigError for others."""
    try:
        settings = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        settings = None
    if not isinstance(settings, Mapping):
        raise ConfigError("the settings that the file records cannot be read", "build it again, or request it anew")
    config = BuildConfig(preset=str(settings.get("preset", "tweets")))
    for name, value in settings.items():
        if name == "preset":
            continue
        for key, setting in (
            ((f"{name}.{inner}", chosen) for inner, chosen in value.items())
            if isinstance(value, Mapping)
            else ((name, value),)
        ):
            config = config.with_setting(key, setting)
    return config


def _locate(key: str) -> tuple[str, str]:
    """Return (section, field) of a setting's name; the section is empty for top-level keys."""
    section, _, name = key.rpartition(".")
    if not section and name in _TOP:
        return "", name
    defaults = BuildConfig.__dataclass_fields__
    owners = [s for s in _SECTIONS if name in {f.name for f in fields(defaults[s].default)}]  # type: ignore[arg-type]
    if section:
        owners = [s for s in owners if s == section]
    if len(owners) == 1:
        return owners[0], name
    if owners:
        choices = ", ".join(f"{s}.{name}" for s in owners)
        raise ConfigError(f"the setting {key!r} is ambiguous", f"write one of: {choices}")
    raise ConfigError(f"there is no setting {key!r}", f"known settings: {', '.join(setting_names())}")


def setting_names() -> list[str]:
    """Return every settable key, as ``--set`` takes it."""
    names = list(_TOP)
    for section in _SECTIONS:
        default = BuildConfig.__dataclass_fields__[section].default
        names += [f"{section}.{f.name}" for f in fields(default)]  # type: ignore[arg-type]
    return names


_WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _convert(value: object, kind: Any, key: str) -> object:
    """Return ``value`` as the setting's type; raise ConfigError where it cannot be."""
    try:
        if kind is bool:
            return _WORDS[str(value).lower()]
        if kind in (int, float, str):
            if kind is int and isinstance(value, float) and not value.is_integer():
                raise ValueError(value)
            return kind(value)
        if isinstance(value, Mapping):
            return {str(k): str(v) for k, v in value.items()}
        name, _, column = str(value).partition("=")
        return {name: column}
    except (ValueError, KeyError) as problem:
        kinds = {bool: "true or false", int: "a whole number", float: "a number"}
        raise ConfigError(f"{key} cannot be {value!r}", f"it takes {kinds.get(kind, 'text')}") from problem


_RANGES: Mapping[str, tuple[float, float]] = {
    "seed": (0, 2**32 - 1),
    "threads": (0, 1024),
    "denoise.near_duplicate_similarity": (0.5, 1.0),
    "denoise.near_duplicate_words": (0.0, 1.0),
    "denoise.min_chars": (0, 10_000),
    "denoise.min_words": (0, 1_000),
    "denoise.template_repeats": (0, 10**9),
    "fuse.text_dimensions": (0, 4096),
    "fuse.text_share": (0.0, 1.0),
    "fuse.clip": (0.1, 100.0),
    "fuse.label_share": (0.0, 1.0),
    "classify.threshold": (0.0, 1.0),
    "stances.threshold": (0.0, 1.0),
    "fit.dimensions": (2, 512),
    "fit.personas": (0, 500),
    "fit.default_personas": (1, 500),
    "fit.restarts": (1, 10_000),
    "fit.neighborhoods": (0, 1_000),
    "fit.max_documents": (100, 10**9),
    "fit.eps": (1e-6, 2.0),
    "fit.min_cluster_size": (2, 10**7),
    "fit.min_samples": (1, 10**6),
    "fit.umap_neighbors": (2, 500),
    "fit.umap_min_dist": (0.0, 1.0),
    "assign.core_margin": (0.0, 1.0),
    "enrich.terms": (1, 1000),
    "enrich.evidence": (1, 1000),
    "enrich.hints": (0, 100),
    "enrich.min_documents": (1, 10**6),
    "enrich.namer_timeout": (0.1, 3600.0),
    "layout.max_documents": (10, 10**6),
    "layout.neighbors": (2, 200),
    "layout.min_dist": (0.0, 1.0),
    "evaluate.refits": (0, 100),
    "evaluate.refit_share": (0.1, 0.99),
    "evaluate.max_documents": (100, 10**6),
    "index.ann_rows": (1_000, 10**9),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "ingest.kind": tuple(DOCUMENT_NOUNS),
    "ingest.day_first": ("auto", "yes", "no"),
    "fit.method": ("kmeans", "sklearn-kmeans", "dbscan", "hdbscan"),
    "fit.reduction": ("pca", "umap", "none"),
    "fit.choice": ("stability", "silhouette"),
    "layout.method": ("umap", "pca", "tsne"),
    "classify.engine": ("embedding", "nli"),
}


def _value(config: BuildConfig, key: str) -> Any:
    section, _, name = key.rpartition(".")
    return getattr(getattr(config, section) if section else config, name)


@cache
def _timezones() -> frozenset[str]:
    """Return the names of all time zones; looking them up walks through hundreds of files."""
    return frozenset(available_timezones())


def _check(config: BuildConfig) -> None:
    for key, (low, high) in _RANGES.items():
        value = _value(config, key)
        if not low <= value <= high:
            raise ConfigError(f"{key} cannot be {value}", f"it goes from {low} to {high}")
    for key, choices in _CHOICES.items():
        value = _value(config, key)
        if value not in choices:
            raise ConfigError(f"{key} cannot be {value!r}", f"choose one of: {', '.join(choices)}")
    if config.behave.timezone not in _timezones():
        raise ConfigError(
            f"there is no time zone {config.behave.timezone!r}",
            "use a name like UTC, Asia/Kolkata or Europe/Paris",
        )
    parse_size(config.memory)
    _check_namer(config.enrich)


def _check_namer(config: EnrichConfig) -> None:
    """Raise ConfigError unless the namer is of a known kind, at an address that can be recorded."""
    if config.namer and not re.fullmatch(r"openai:[!-~]+", config.namer):
        raise ConfigError(f"enrich.namer cannot be {config.namer!r}", "it takes openai:MODEL, e.g. openai:gpt-4.1-mini")
    hint = "it takes http(s)://HOST[:PORT]/PATH without a password; the key comes from $OPENAI_API_KEY"
    # An address that may hold a password or a key is never shown.
    if re.search(r"[@?#]", config.base_url):
        raise ConfigError("enrich.base_url is more than an address: the rest of it would be kept in the file", hint)
    try:
        parts = urlsplit(config.base_url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not re.fullmatch(r"[!-~]+", config.base_url):
        raise ConfigError(f"enrich.base_url cannot be {config.base_url!r}", hint)


def read_toml(path: str | Path, config: BuildConfig) -> BuildConfig:
    """Return ``config`` with the settings of a TOML file applied.

    Sections are tables; settings that belong to no stage come first.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no file {path}", "--config takes a TOML file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ConfigError(
            f"{path} is not readable TOML: {problem}", "sections are stages: [fit] personas = 8"
        ) from None
    values.pop("preset", None)
    for key, value in values.items():
        if isinstance(value, dict):
            for name, inner in value.items():
                config = config.with_setting(f"{key}.{name}", inner)
        else:
            config = config.with_setting(key, value)
    return config


def toml_preset(path: str | Path) -> str | None:
    """Return the preset that a TOML file names, None where it names none."""
    try:
        name = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("preset")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # read_toml raises the error
    return str(name) if name is not None else None
