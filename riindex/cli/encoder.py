"""``ri encoder``: train a static encoder on custom texts, and compare encoders."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riindex.cli.options import format_option
from riindex.cli.output import write
from riindex.errors import ConfigError
from riindex.store.folders import private_folder

if TYPE_CHECKING:
    from riindex.encoders.base import Encoder
    from riindex.encoders.training.evaluate import LabelledTexts
    from riindex.machine.progress import Advance

PER_CORPUS = 200_000
BUNDLED_PIECES = 32_000


@click.group()
def encoder() -> None:
    """Train and compare encoders."""


@encoder.command()
@click.argument("corpus", nargs=-1, required=True)
@click.option("--teacher", required=True, help="sentence:NAME or sentence:PATH, the model to learn from.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Model folder.")
@click.option("--start", default="static", show_default=True, help="Start from static, model2vec:PATH or distillation.")
@click.option("--dim", type=click.IntRange(8), default=256, show_default=True, help="Length of a vector.")
@click.option("--pieces", type=click.IntRange(1_000), default=BUNDLED_PIECES, show_default=True, help="Vocabulary.")
@click.option("--epochs", type=click.IntRange(1), default=7, show_default=True, help="Passes over the texts.")
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed; equal seeds yield equal models.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True, help="Threads of the fit.")
@click.option(
    "--exclude",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Exclude texts that occur in this file (a test set).",
)
@click.option("--about", default="", help="Description of the corpora and their owners, for the model's card.")
def train(
    corpus: tuple[str, ...],
    teacher: str,
    out: Path,
    start: str,
    dim: int,
    pieces: int,
    epochs: int,
    seed: int,
    threads: int,
    exclude: tuple[Path, ...],
    about: str,
) -> None:
    """Train a static encoder on CORPUS… towards a teacher's vectors.

    A CORPUS is a Parquet, CSV, TSV or JSONL file with a text column, a text file of one text a line, a Debian
    Packages file, a WordNet folder (glosses and examples) or its cntlist.rev (queries made of its words).
    The fit starts from the bundled model, so that 20,000 texts are enough to exceed it on similar texts; --start
    distillation begins with the teacher's words alone, as the bundled model did.
    FILE:N takes at most N of its texts (200,000 when left out).
    The teacher's vectors are stored in the model's folder: an interrupted run continues when called again.

    \b
      ri encoder train tweets.parquet --teacher sentence:all-MiniLM-L6-v2 -o mine
      ri build tweets.parquet --encoder model2vec:mine
    """
    from riindex.encoders.training.fit import Schedule
    from riindex.encoders.training.train import TrainingRecipe, train_encoder

    sources = tuple(_source(name) for name in corpus)
    options = [f"--start {_shown(start)}", f"--dim {dim}", f"--pieces {pieces}", f"--epochs {epochs}", f"--seed {seed}"]
    recipe = TrainingRecipe(
        sources=sources,
        teacher=teacher,
        out=out,
        start=start,
        dim=dim,
        pieces=pieces,
        exclude=exclude,
        schedule=Schedule(epochs=epochs, seed=seed, threads=threads),
        command=_command(sources, teacher, options, exclude, out),
        about=about,
    )
    model = train_encoder(recipe, _Steps())
    click.echo(f"model2vec:{out}")
    click.echo(f"{model.dim} dimensions, digest {model.digest}; its card is {out / 'README.md'}", err=True)


def _command(
    sources: Sequence[tuple[Path, int]], teacher: str, options: Sequence[str], exclude: Sequence[Path], out: Path
) -> str:
    """Return the command that trains the same model again, with the names of files alone."""
    words = [
        "ri encoder train",
        *(shlex.quote(f"{path.name}:{limit}") for path, limit in sources),
        f"--teacher {_shown(teacher)}",
        *options,
        *(f"--exclude {shlex.quote(path.name)}" for path in exclude),
        f"-o {out.name}",
    ]
    return " ".join(words)


def _shown(model: str) -> str:
    """Return the name of a model for its card; of a path only the last part, as paths differ between machines."""
    kind, colon, name = model.partition(":")
    return f"{kind}{colon}{Path(name).name}"


@encoder.command(name="eval")
@click.argument("model", nargs=-1, required=True)
@click.option("--labelled", multiple=True, required=True, help="FILE or FILE:LABEL_COLUMN; repeatable.")
@click.option("--teacher", help="sentence:NAME|PATH: add this model and its plain distillation.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Draws of rows and starts.")
@click.option("--starts", type=click.IntRange(1), default=3, show_default=True, help="Starts of k-means per draw.")
@format_option
def evaluate(
    model: tuple[str, ...], labelled: tuple[str, ...], teacher: str | None, seeds: int, starts: int, fmt: str
) -> None:
    """Compare encoders on texts that people have labelled.

    A row for each MODEL and file: k-means with the true number of labels (accuracy, NMI with its standard error),
    the share of texts whose nearest neighbour has their label, texts a second, and megabytes on disk.

    \b
      ri encoder eval static --labelled banking.csv --teacher sentence:all-MiniLM-L6-v2
    """
    from riindex.encoders.training.evaluate import load_labelled

    sets = [load_labelled(spec) for spec in labelled]
    with private_folder() as scratch:
        rows = [
            row for encoder_ in _encoders(model, teacher, scratch) for row in _scores(encoder_, sets, seeds, starts)
        ]
    write(rows, fmt)


def _source(name: str) -> tuple[Path, int]:
    """Return path and limit of ``FILE`` or ``FILE:N``."""
    file, _, limit = name.rpartition(":")
    if file and limit.isdigit() and not Path(name).exists():
        return Path(file), int(limit)
    return Path(name), PER_CORPUS


def _encoders(names: tuple[str, ...], teacher: str | None, scratch: Path) -> list[Encoder]:
    from riindex.encoders import load

    encoders = [load(name) for name in names]
    if teacher:
        from riindex.encoders.model2vec import load_model2vec
        from riindex.encoders.sentence import SentenceEncoder
        from riindex.encoders.training.train import distil_plain

        if not teacher.startswith("sentence:"):
            raise ConfigError(f"{teacher!r} is not a teacher", "give one as sentence:NAME or sentence:PATH")
        taught = SentenceEncoder(teacher.removeprefix("sentence:"))
        distil_plain(taught, scratch, progress=_Steps().step("distil", len(taught.pieces()), "pieces"))
        encoders += [load_model2vec(str(scratch)), taught]
    return encoders


def _scores(model: Encoder, sets: list[LabelledTexts], seeds: int, starts: int) -> list[dict[str, str | float]]:
    from riindex.encoders.training.evaluate import score_vectors, size_on_disk, texts_per_second

    rows: list[dict[str, str | float]] = []
    for labelled in sets:
        advance = _Steps().step(f"{model.name} {labelled.name}", len(labelled.texts), "texts")
        vectors = model.encode(labelled.texts, advance)
        found = score_vectors(vectors, labelled.labels, range(seeds), starts)
        rows.append(
            {
                "model": model.name,
                "labelled": labelled.name,
                "accuracy": round(found.accuracy, 4),
                "nmi": round(found.nmi, 4),
                "nmi_error": round(found.nmi_error, 4),
                "neighbour": round(found.neighbour, 4),
                "texts_per_second": round(texts_per_second(model, labelled.texts)),
                "megabytes": round(size_on_disk(model), 1),
            }
        )
    return rows


class _Steps:
    """Progress of each step of a run on stderr, with its rate and the time left."""

    def __init__(self) -> None:
        from riindex.cli.progress import Terminal

        self._terminal = Terminal()

    def step(self, name: str, total: int, unit: str) -> Advance:
        """Show a step; return a function to call with the number of further finished items."""
        self._terminal.stage(name)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._terminal.progress(done, total, unit)

        return advance
