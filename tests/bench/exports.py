"""Ingest every export in a folder, and print what was read of it: ``python tests/bench/exports.py [FOLDER] [NAME…]``.

One line a file: documents, replies, replies whose tweet is in the file too, times, times at midnight, authors, likes,
and rejected rows; below it, with -v, the roles and the warnings.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from corpora import REAL, Listener, ask, start, through

from riindex.errors import RiError

FIGURES = """
    select (select count(*) from documents) as documents, (select count(*) from replies) as replies,
        (select count(*) from replies where in_reply_to in (select tweet_id from documents)) as linked,
        count(created_at) as times, count(*) filter (created_at = created_at::date) as midnights,
        count(author) as authors, count(distinct author) as names, count(like_count) as likes,
        sum(like_count) as total, (select count(*) from rejects) as rejects
    from documents
"""


def figures(paths):
    """Return the figures of files read as one source, and all that their ingestion says."""
    report = Listener()
    with tempfile.TemporaryDirectory() as folder:
        run = start(Path(folder), [str(path) for path in paths], report=report)
        try:
            found = ask(through(run, "ingest"), FIGURES)[0]
        finally:
            run.store.close()
    return found, report


def main(arguments):
    verbose = "-v" in arguments
    names = [a for a in arguments if a != "-v"]
    root = REAL / "exports"
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        name = path.relative_to(root).as_posix()
        if names and not any(n in name for n in names):
            continue
        try:
            found, report = figures([path])
            print(f"{name:45}", *(f"{0 if n is None else n:5}" for n in found), flush=True)
            if verbose:
                for line in (*report.details, *report.notes, *report.warnings):
                    print("    ", line[:400])
        except RiError as problem:
            print(f"{name:45} {type(problem).__name__}: {problem.message[:150]} | {problem.hint[:100]}", flush=True)
        except Exception as problem:
            print(f"{name:45} CRASH {type(problem).__name__}: {str(problem)[:300]}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
