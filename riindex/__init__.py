"""Embedded persona index: from tweets or persona descriptions to personas to query and verify in one DuckDB file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from riindex.version import __version__

if TYPE_CHECKING:
    from riindex.ask.recipes import recipes
    from riindex.compat.persona_clustering import PersonaClustering, cluster_personas, run_persona_clustering
    from riindex.config.build_config import BuildConfig
    from riindex.errors import (
        BuildError,
        ConfigError,
        IndexBusy,
        IndexNotFound,
        InputError,
        MissingExtra,
        QueryError,
        RiError,
        StaleIndex,
        UnsafeIndex,
    )
    from riindex.index import RIIndex
    from riindex.pipeline.edits import merge_personas, rename_persona, undo_edit
    from riindex.pipeline.inspection import Inspection, inspect
    from riindex.pipeline.report import BuildPlan, BuildReport
    from riindex.pipeline.run import build, plan


# Public name → module; each is imported on first use (PEP 562).
_HOMES = {
    "BuildConfig": "riindex.config.build_config",
    "BuildError": "riindex.errors",
    "BuildPlan": "riindex.pipeline.report",
    "BuildReport": "riindex.pipeline.report",
    "ConfigError": "riindex.errors",
    "IndexBusy": "riindex.errors",
    "IndexNotFound": "riindex.errors",
    "InputError": "riindex.errors",
    "Inspection": "riindex.pipeline.inspection",
    "MissingExtra": "riindex.errors",
    "PersonaClustering": "riindex.compat.persona_clustering",
    "QueryError": "riindex.errors",
    "RIIndex": "riindex.index",
    "RiError": "riindex.errors",
    "StaleIndex": "riindex.errors",
    "UnsafeIndex": "riindex.errors",
    "build": "riindex.pipeline.run",
    "inspect": "riindex.pipeline.inspection",
    "plan": "riindex.pipeline.run",
    "recipes": "riindex.ask.recipes",
    "merge_personas": "riindex.pipeline.edits",
    "rename_persona": "riindex.pipeline.edits",
    "undo_edit": "riindex.pipeline.edits",
    "cluster_personas": "riindex.compat.persona_clustering",
    "run_persona_clustering": "riindex.compat.persona_clustering",
}

__all__ = [
    "BuildConfig",
    "BuildError",
    "BuildPlan",
    "BuildReport",
    "ConfigError",
    "IndexBusy",
    "IndexNotFound",
    "InputError",
    "Inspection",
    "MissingExtra",
    "PersonaClustering",
    "QueryError",
    "RIIndex",
    "RiError",
    "StaleIndex",
    "UnsafeIndex",
    "__version__",
    "build",
    "cluster_personas",
    "inspect",
    "merge_personas",
    "plan",
    "recipes",
    "rename_persona",
    "run_persona_clustering",
    "undo_edit",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'riindex' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
