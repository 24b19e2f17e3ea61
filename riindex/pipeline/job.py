"""Job of a build, with every setting, source and path resolved."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riindex import encoders, sources
from riindex.config.build_config import BuildConfig, read_toml, toml_preset
from riindex.config.presets import preset as named_preset
from riindex.encoders.base import Encoder
from riindex.errors import BuildError, ConfigError
from riindex.machine.memory import Size
from riindex.machine.paths import expand_path
from riindex.pipeline.stage import Stage, fingerprints
from riindex.sources import Source
from riindex.sources.columns import check_mapping

NAME_HINT = "choose a short, plain name: -o personas.duckdb"
# File names that DuckDB would interpret as the address of a service: s3:x, file:x.
ADDRESS = re.compile(r"[A-Za-z][\w+.-]*:")
CONTROL = re.compile(r"[\x01-\x1f\x7f]")
# Longest suffix that a build adds to the name of the index, that of its vector table.
LONGEST_SUFFIX = ".20261122T051843-381e-381e.lance"


@dataclass(frozen=True)
class Job:
    """Requested build, with everything resolved."""

    config: BuildConfig
    target: Path
    sources: Sequence[Source]
    replies: Sequence[Source]
    encoder: Encoder | None
    inputs: Mapping[str, str]
    fingerprints: Mapping[str, str]
    threads: int
    size: Size

    @property
    def folder(self) -> Path:
        """Private folder of this build; an interrupted build continues from it."""
        # DuckDB inserts the name of its log before a question mark anywhere in the path.
        return self.target.with_name(self.target.name.replace("?", "%3F") + ".build")

    @property
    def work(self) -> Path:
        """File that is written, and then replaces the target."""
        return self.folder / "work.duckdb"

    @property
    def cache(self) -> Path:
        """Cache of the vectors computed so far, kept until the target is published."""
        return self.folder / "vectors.duckdb"


def resolve_config(
    preset: str | None = None,
    config: str | Path | BuildConfig | None = None,
    settings: Mapping[str, object] | None = None,
    encoder: str | None = None,
    personas: int | None = None,
    map: Mapping[str, str] | None = None,
    timezone: str | None = None,
    kind: str | None = None,
    namer: str | None = None,
    base_url: str | None = None,
) -> BuildConfig:
    """Return the settings of a build: the preset, then the TOML file, then single settings and options.

    A given or recognised ``kind`` of documents is the preset if none is given.
    """
    if isinstance(config, BuildConfig):
        resolved = config
    else:
        resolved = named_preset(preset or (toml_preset(config) if config else None) or kind or "tweets")
        if config is not None:
            resolved = read_toml(config, resolved)
    for key, value in (settings or {}).items():
        resolved = resolved.with_setting(key, value)
    options = {
        "ingest.kind": kind,
        "embed.encoder": encoder,
        "fit.personas": personas,
        "ingest.map": map,
        "behave.timezone": timezone,
        "enrich.namer": namer,
        "enrich.base_url": base_url,
    }
    for key, option in options.items():
        if option is not None:
            resolved = resolved.with_setting(key, option)
    check_mapping(resolved.ingest.map)
    if base_url and not resolved.enrich.namer:
        raise ConfigError("a base URL is given without a namer", "name the model too: --namer openai:MODEL")
    return resolved


def kind_of(source: Any, given: str | None) -> str | None:
    """Return the kind of documents that was given, else the one recognised from the source, else None."""
    return given or sources.kind_of(_listed(source))


def default_target(source: Any) -> Path:
    """Return ``./<source stem>.duckdb``, or the name of a table; for a frame or a query ``./personas.duckdb``."""
    first = source[0] if isinstance(source, list | tuple) and source else source
    if not isinstance(first, str | Path):
        return Path("personas.duckdb")
    name = str(first).rpartition("::")[2] if "::" in str(first) else "" if "://" in str(first) else Path(first).name
    for suffix in (".gz", ".bz2", ".xz", ".zst", *sources.FORMATS):
        name = name.removesuffix(suffix)
    stem = "".join(c for c in name if c not in "*?[]/\\:") or "personas"
    return Path(f"{stem}.duckdb")


def make_job(
    stages: Sequence[Stage],
    source: Any,
    output: str | Path | None,
    config: BuildConfig,
    replies: Any,
    query: str | None,
) -> Job:
    """Return the job of a build; BuildError for a target that cannot be written, InputError for a missing source."""
    target = expand_path(output) if output is not None else default_target(source)
    try:
        target = target.resolve()
        if ADDRESS.match(target.name):
            raise BuildError(f"{target.name!r} is an address, not the name of a file", NAME_HINT)
        if CONTROL.search(str(target)):
            raise BuildError(
                f"the path of the vector table is not valid: {str(target)!r} has a control character", NAME_HINT
            )
        if target.is_dir():
            raise BuildError(f"{target} is a folder", "choose a file: -o personas.duckdb")
        if target.exists() and not target.is_file():
            raise BuildError(f"{target} is not a file", "choose a file: -o personas.duckdb")
        target.with_name(target.name + LONGEST_SUFFIX).exists()
    except (OSError, RuntimeError, ValueError) as problem:
        raise BuildError(f"{str(target)[:200]!r} is not a valid file name: {_reason(problem)}", NAME_HINT) from problem
    if not target.parent.is_dir():
        raise BuildError(f"there is no folder {target.parent}", f"make it first: mkdir -p {target.parent}")
    if "?" in str(target.parent):
        raise BuildError(f"the database cannot write in a folder with ? in its name: {target.parent}",
                         "choose another place with -o")  # fmt: skip
    inputs = sources.resolve(_listed(source), query)
    answers = sources.resolve(_listed(replies)) if replies is not None else []
    threads = config.threads or os.cpu_count() or 1
    encoder = None
    digest = {"ingest": sources.digest(inputs) + sources.digest(answers)}
    if config.embed.encoder.startswith("column:"):
        digest["embed"] = digest["ingest"]
    else:
        encoder = encoders.load(config.embed.encoder, threads)
        digest["embed"] = encoder.digest
    if config.classify.file:
        digest["classify"] = _file_digest(config.classify.file)
    size = sources.size_of([*inputs, *answers])
    return Job(config, target, inputs, answers, encoder, digest, fingerprints(stages, config, digest), threads, size)


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or str(problem).partition(" from ")[0]


def _file_digest(name: str) -> str:
    """Return the hash of a file in the settings; empty for an unreadable one, which its stage reports."""
    try:
        return hashlib.blake2b(Path(name).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""


def _listed(source: Any) -> list[Any]:
    return list(source) if isinstance(source, list | tuple) else [source]
