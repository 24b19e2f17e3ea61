"""A server on this machine that speaks /v1/chat/completions, and answers as it is told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def shown(body):
    """The terms, claims and evidence that a request shows."""
    return json.loads(body["messages"][1]["content"])


def good(body):
    """A name and a sentence of the first claim about a word, with the figure that it has."""
    data = shown(body)
    claim = next(c for c in data["claims"] if c["sentence"].startswith("About"))
    term, other = (term["term"] for term in data["terms"][:2])
    said = f"They are people who talk of {term}, in {claim['sentence'].split('(')[1].split('%')[0]}% of their posts."
    return {"name": f"People of {term} and {other}", "sentence": said, "claim_ids": [claim["id"]]}


class ChatServer(ThreadingHTTPServer):
    """``answer``: request → an answer, a status, text, or None to say nothing at all until ``let_go``."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies, self.keys, self.answer, self.let_go = [], [], good, threading.Event()

    @property
    def url(self):
        """What --base-url takes."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.bodies.append(body)
        self.server.keys.append(self.headers["authorization"])
        answer = self.server.answer(body) if self.path == "/v1/chat/completions" else 404
        if answer is None:
            self.server.let_go.wait(30)
            self.close_connection = True
            return
        if isinstance(answer, int):
            # Some servers say the key again when they refuse it.
            self._send(answer, {"error": {"message": f"no: {self.headers['authorization']}\x1b[31m"}})
        elif isinstance(answer, bytes):
            self._send(200, answer)
        else:
            content = answer if isinstance(answer, str) else json.dumps(answer)
            choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
            self._send(200, {"id": "a", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})

    def _send(self, status, content):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "text/html" if isinstance(content, bytes) else "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def chat_server():
    """The server, running."""
    with ChatServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()
            thread.join()
