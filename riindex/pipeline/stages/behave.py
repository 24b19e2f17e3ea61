"""Behaviour features of each post: 36 numbers in four families."""

from __future__ import annotations

from riindex.pipeline.context import Run

FAMILIES = ("temporal", "interaction", "style", "network")


def behave(run: Run) -> None:
    """Write ``behaviour``, one row per document; hours and weekdays are local to ``behave.timezone``."""
    store = run.store
    store.run("behave/posts", timezone=run.config.behave.timezone)
    store.run("behave/threads")
    for family in FAMILIES:
        store.run(f"behave/{family}")
    store.run("behave/behaviour")
