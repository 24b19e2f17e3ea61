"""Stages of a build, in order: one file each, with everything that its result depends on.

The graph is derived: a stage follows those that write its inputs, by the headers of its statements.
"""

from __future__ import annotations

from riindex.pipeline.stage import Stage, linked
from riindex.pipeline.stages.assign import assign
from riindex.pipeline.stages.behave import behave
from riindex.pipeline.stages.classify import classify
from riindex.pipeline.stages.denoise import denoise
from riindex.pipeline.stages.embed import embed
from riindex.pipeline.stages.enrich import enrich
from riindex.pipeline.stages.evaluate import evaluate
from riindex.pipeline.stages.fit import fit
from riindex.pipeline.stages.fuse import fuse
from riindex.pipeline.stages.index import index
from riindex.pipeline.stages.ingest import ingest
from riindex.pipeline.stages.layout import begin_layout, layout
from riindex.pipeline.stages.refit import refit
from riindex.pipeline.stages.speakers import speakers
from riindex.pipeline.stages.stances import stances
from riindex.pipeline.stages.succeed import succeed
from riindex.pipeline.stages.tally import tally
from riindex.pipeline.stages.words import words

# Statement that selects the kept documents.
KEPT = "shared/kept_ids"
STOP_WORDS, LANGUAGES = "text/stop_words.txt", "text/languages.txt"
LABELS = ("labels/dimensions.toml", "labels/held_out.jsonl")
FAMILIES = tuple(
    f"sources/families/{name}.toml"
    for name in ("bluesky", "facebook", "fediverse", "messengers", "monitoring", "reddit", "reviews", "surveys",
                 "twitter", "youtube")
)  # fmt: skip
HEAD = ("models/stances/head.safetensors", "labels/signs.toml")
MODEL = ("models/static/model.safetensors", "models/static/tokenizer.json", "models/static/config.json")

STAGES: tuple[Stage, ...] = linked((
    Stage("ingest", ingest, version=5, settings=("ingest",), files=FAMILIES),
    Stage("embed", embed, tables=("document_extras",), settings=("embed",), files=MODEL, vectors=True),
    Stage("denoise", denoise, version=3, statements=("shared/kept_count", "shared/document_count"),
          settings=("denoise", "seed", "embed"), files=(STOP_WORDS, LANGUAGES)),
    Stage("stances", stances, version=2, settings=("stances", "embed", "ingest.kind"), files=(*HEAD, *MODEL)),
    Stage("speakers", speakers, tables=("document_extras",), settings=("ingest.kind",),
          files=("labels/speakers.toml",)),
    Stage("behave", behave, settings=("behave",)),
    Stage("classify", classify, settings=("classify",), files=(*LABELS, *MODEL)),
    Stage("fuse", fuse, version=2, settings=("fuse", "fit", "evaluate.max_documents", "seed")),
    Stage("fit", fit, version=2, statements=(KEPT,), tables=("axes",), settings=("fit", "seed")),
    Stage("refit", refit, statements=("fit/fitted_groups", KEPT), tables=("axes",),
          settings=("fit", "evaluate", "seed")),
    Stage("succeed", succeed, statements=("fit/fitted_groups", "assign/labels", "fuse/kept_vectors"),
          settings=("succeed",)),
    Stage("assign", assign, version=2, statements=("refit/read", "succeed/numbers", "succeed/merges", KEPT),
          settings=("assign", "fit", "seed")),
    Stage("tally", tally),
    Stage("evaluate", evaluate, version=4, statements=("refit/read", "fuse/kept_vectors", "shared/kept_count"),
          settings=("evaluate", "seed"), files=(LANGUAGES,)),
    Stage("enrich", enrich, version=8,
          statements=("evaluate/several_authors", "fuse/kept_vectors", "succeed/renames"),
          settings=("enrich", "ingest", "behave", "embed", "seed"), files=(STOP_WORDS, LANGUAGES, *MODEL)),
    Stage("layout", layout, version=2, statements=("assign/vectors", KEPT), settings=("layout", "seed"),
          begin=begin_layout),
    Stage("words", words, version=2, statements=("enrich/core_labels",), settings=("embed",), files=MODEL),
    Stage("index", index, version=2, statements=("shared/kept_count",), settings=("index",)),
))  # fmt: skip
