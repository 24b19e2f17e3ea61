"""Speaker of every document: the audience, a company's desk, adverts, feeds or the press."""

from __future__ import annotations

from riindex.labels.speakers import declaring_columns, signs
from riindex.pipeline.context import Run

# Share of the kept documents from which speakers other than the audience are a warning.
WARNED_SHARE = 0.05


def speakers(run: Run) -> None:
    """Write ``speakers``: by a column of the source that names them, else by the signs of all posts of an account.

    Posts without an author are judged one by one. Descriptions have no speakers.
    """
    store, forms = run.store, signs()
    store.run("speakers/schema")
    if run.config.ingest.kind == "descriptions":
        return
    extras = store.table("document_extras")
    for column, meaning in declaring_columns(extras.columns[1:]):
        quoted = column.replace('"', '""')
        values = extras.project(f'doc_id, "{quoted}"::varchar as value')
        store.insert("speakers/declared", values.to_arrow_table(), column=column, meaning=meaning)
    of_posts = ("desk", "own", "we", "signature", "advert")
    store.run("speakers/posts", **{name: forms[name] for name in of_posts})
    store.run("speakers/templates")
    store.run("speakers/accounts", **{name: forms[name] for name in ("desk_account", "press_account")})
    store.run("speakers/speakers")
    store.run("speakers/release")
    _report(run)


def _report(run: Run) -> None:
    counts = dict(run.store.rows("speakers/counts"))
    total, audience = sum(counts.values()), counts.get("audience", 0)
    others = ", ".join(f"{speaker} {n:,}" for speaker, n in counts.items() if speaker != "audience")
    if total - audience >= WARNED_SHARE * total > 0:
        run.report.warn(
            f"speakers: {total - audience:,} of {total:,} kept documents ({(total - audience) / total:.0%}) were not "
            f"written by the audience: {others}; ask ri sql @who_speaks which personas they make"
        )
    elif others:
        run.report.note(f"speakers other than the audience: {others}")
