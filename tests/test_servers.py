"""Real MariaDB and Postgres servers on loopback: what is built from their tables is what is built from the files."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from corpora import SAMPLE, Listener, ask, start, through

from riindex import sources
from riindex.errors import InputError

pytestmark = pytest.mark.slow
PASSWORD = "s3cr@t/:?"
QUOTED = "s3cr%40t%2F%3A%3F"
TABLES = {"tweets": SAMPLE / "tweets.parquet", "replies": SAMPLE / "replies.parquet"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process):
    for _ in range(150):
        assert process.poll() is None, "the server has ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not listen")


def program(name):
    """A server's program, also where Debian hides Postgres."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(hidden[-1]) if hidden else None)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install mariadb-server postgresql")
    return found


def statements(quote):
    """SQL that makes the sample's tables, every value as it is in the file; the planted truth is left out."""
    for name, path in TABLES.items():
        rows = pq.read_table(path)
        columns = [c for c in rows.column_names if not c.startswith("planted")]
        kinds = ["bigint" if str(rows.schema.field(c).type).startswith("int") else "text" for c in columns]
        shape = ", ".join(f"{quote}{c}{quote} {k}" for c, k in zip(columns, kinds, strict=True))
        yield f"create table {quote}{name}{quote} ({shape})"
        for start_ in range(0, rows.num_rows, 400):
            part = rows.slice(start_, 400).select(columns).to_pylist()
            yield f"insert into {quote}{name}{quote} values " + ", ".join(
                "(" + ", ".join(literal(v, quote) for v in row.values()) + ")" for row in part)  # fmt: skip


def literal(value, quote):
    if value is None:
        return "null"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value).replace("'", "''")
    return "'" + (text.replace("\\", "\\\\") if quote == "`" else text) + "'"


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory):
    install, server = program("mariadb-install-db"), program("mariadbd")
    client = program("mariadb")
    folder = tmp_path_factory.mktemp("mariadb")
    owner = ["--user=" + getpass.getuser()]
    subprocess.run([install, *owner, f"--datadir={folder}/data", "--auth-root-authentication-method=normal"],
                   check=True, capture_output=True)  # fmt: skip
    port = free_port()
    process = subprocess.Popen(
        [server, "--no-defaults", *owner, f"--datadir={folder}/data", f"--socket={folder}/s", f"--port={port}",
         "--bind-address=127.0.0.1", f"--pid-file={folder}/pid"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_for(port, process)
        script = ["create database shop character set utf8mb4", "use shop", *statements("`"),
                  f"create user ana@localhost identified by '{PASSWORD}'",
                  "grant all on shop.* to ana@localhost"]  # fmt: skip
        subprocess.run([client, "--no-defaults", f"--socket={folder}/s", "-uroot", "--default-character-set=utf8mb4"],
                       input=";\n".join(script) + ";", text=True, check=True, capture_output=True)  # fmt: skip
        yield f"mysql://ana:{QUOTED}@127.0.0.1:{port}/shop"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    initdb, server, psql = program("initdb"), program("postgres"), program("psql")
    folder = tmp_path_factory.mktemp("postgres")
    as_owner = {}
    if os.geteuid() == 0:  # Postgres refuses to run as root
        import pwd

        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("Postgres does not run as root, and there is no user postgres")
        for parent in [folder, *folder.parents]:
            if parent in (Path("/"), Path("/tmp")):
                break
            parent.chmod(0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid}
    (folder / "pw").write_text(PASSWORD, encoding="utf-8")
    (folder / "pw").chmod(0o644)
    subprocess.run(
        [initdb, "-D", f"{folder}/data", "-U", "ana", "-A", "scram-sha-256", f"--pwfile={folder}/pw", "-E", "UTF8"],
        check=True, capture_output=True, cwd=folder, **as_owner)  # fmt: skip
    port = free_port()
    process = subprocess.Popen(
        [server, "-D", f"{folder}/data", "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_owner)  # fmt: skip
    try:
        wait_for(port, process)
        time.sleep(1)
        subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "ana",
                        "-d", "postgres"],
                       input=";\n".join(statements('"')) + ";", text=True, check=True, capture_output=True,
                       env={**os.environ, "PGPASSWORD": PASSWORD}, cwd=folder)  # fmt: skip
        yield f"postgresql://ana:{QUOTED}@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(params=["mariadb", "postgres"])
def server(request):
    pytest.importorskip("connectorx")
    return request.getfixturevalue(request.param)


DOCUMENTS = ("select tweet_id, text, author, created_at, lang, in_reply_to, like_count, retweet_count, reply_count "
             "from documents order by doc_id")  # fmt: skip
REPLIES = "select tweet_id, doc_id, in_reply_to, text, author, created_at, like_count from replies order by reply_id"


def ingested(folder, source, replies):
    folder.mkdir()
    listener = Listener()
    return through(start(folder, source, replies=replies, report=listener), "ingest"), listener


def test_a_servers_tables_give_what_the_files_give(server, tmp_path):
    own, _ = ingested(tmp_path / "server", f"{server}::tweets", f"{server}::replies")
    files, _ = ingested(tmp_path / "files", str(TABLES["tweets"]), str(TABLES["replies"]))
    for query in (DOCUMENTS, REPLIES):
        assert ask(own, query) == ask(files, query)
    assert len(ask(own, DOCUMENTS)) == 1618


def test_a_query_chooses_rows(server, tmp_path):
    source = sources.resolve([server], "select tweet_id, text from tweets where text like '%refund%'")
    assert 0 < source[0].frame.num_rows < 1618
    assert source[0].frame.column_names == ["tweet_id", "text"]


def test_the_password_is_nowhere(server, tmp_path):
    store, listener = ingested(tmp_path / "work", f"{server}::tweets", None)
    store.close()
    told = " ".join(listener.notes + listener.warnings + listener.details)
    source = sources.resolve([f"{server}::tweets"])[0]
    for secret in (PASSWORD, QUOTED):
        assert secret not in told
        assert secret not in source.name
    with pytest.raises(InputError) as problem:
        sources.resolve([f"{server}::nothing"])
    assert not {PASSWORD, QUOTED} & {problem.value.message, problem.value.hint}
    assert "nothing" in problem.value.message
    wrong = server.replace(QUOTED, "wr0ngsecret")
    with pytest.raises(InputError) as problem:
        sources.resolve([f"{wrong}::tweets"])
    assert "wr0ngsecret" not in problem.value.message + problem.value.hint
