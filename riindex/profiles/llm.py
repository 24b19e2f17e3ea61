"""Client of a language model for names, on any server with OpenAI's chat completions API."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from riindex.config.sections import OPENAI_URL, EnrichConfig
from riindex.errors import BuildError, ConfigError, MissingExtra
from riindex.profiles.llm_prompt import SCHEMA

if TYPE_CHECKING:
    from riindex.profiles.llm_prompt import Request

# Environment variable of the key, its only source; the key is stored nowhere.
KEY = "OPENAI_API_KEY"
# Key for servers that need none: the client sends no request without one.
NO_KEY = "no-key"
# Retries after a temporary failure (408, 409, 429, 5xx, no connection), the default of the client.
RETRIES = 2
RETRY_HINT = "then run the same command again: a build keeps the answers that it has received"
# Status → its meaning, and the remedy.
STATUS_ERRORS = {
    400: (
        "rejects the request",
        "choose a model that takes a JSON schema as response_format, temperature 0 and a seed",
    ),
    401: ("rejects the key", f"check ${KEY}"),
    403: ("rejects the key", f"check ${KEY}"),
    404: ("has no such model, or has another address", "check the name of the model, and --base-url: most end in /v1"),
    422: (
        "rejects the request",
        "choose a model that takes a JSON schema as response_format, temperature 0 and a seed",
    ),
    429: ("receives too many requests, or its quota is used up", f"wait, or raise the quota; {RETRY_HINT}"),
}


@dataclass(frozen=True)
class Namer:
    """Language model on a server; ``timeout`` in seconds."""

    model: str
    base_url: str
    timeout: float
    key: str = field(repr=False)

    def ask(self, request: Request) -> str:
        """Return the text of the model's answer, "" if it gives none; BuildError if the server does not answer.

        Errors of the client are not passed on: they contain the request, and with it the key.
        """
        import openai

        messages: Any = list(request.messages)
        form: Any = {"type": "json_schema", "json_schema": {"name": "naming", "strict": True, "schema": SCHEMA}}
        try:
            with openai.OpenAI(
                api_key=self.key, base_url=self.base_url, timeout=self.timeout, max_retries=RETRIES
            ) as client:
                answer: Any = client.chat.completions.create(
                    model=request.model, messages=messages, response_format=form, temperature=0, seed=request.seed
                )
        except openai.APITimeoutError:
            raise self._failure(
                f"did not answer within {self.timeout:g} seconds", f"raise --set enrich.namer_timeout; {RETRY_HINT}"
            ) from None
        except openai.APIConnectionError:
            raise self._failure(
                "cannot be reached", f"make sure that the server runs, and check --base-url; {RETRY_HINT}"
            ) from None
        except openai.APIStatusError as problem:
            what, hint = STATUS_ERRORS.get(problem.status_code, ("failed", f"wait a while, {RETRY_HINT}"))
            raise self._failure(f"{what} ({problem.status_code}{self._server_message(problem)})", hint) from None
        except (openai.OpenAIError, ValueError):
            raise self._protocol_error() from None
        return self._content(answer)

    def _content(self, answer: Any) -> str:
        try:
            content = answer.choices[0].message.content
        except (AttributeError, IndexError, TypeError):
            raise self._protocol_error() from None
        return content if isinstance(content, str) else ""

    def _server_message(self, problem: Any) -> str:
        """Return the server's message about a rejected request, with the key removed."""
        if problem.status_code not in (400, 404, 422):
            return ""
        text = re.sub(r"\s+", " ", str(problem.message).replace(self.key, "…"))
        return ": " + "".join(c for c in text if c.isprintable())[:200]

    def _protocol_error(self) -> BuildError:
        return self._failure("does not implement OpenAI's chat completions", "check --base-url: most end in /v1")

    def _failure(self, what: str, hint: str) -> BuildError:
        return BuildError(f"the namer {self.model} at {urlsplit(self.base_url).netloc} {what}", hint)


def load(config: EnrichConfig) -> Namer | None:
    """Return the language model of the settings; None if they have none.

    Raises MissingExtra without the extra llm, ConfigError if OpenAI is requested and there is no key.
    """
    if not config.namer:
        return None
    try:
        import openai  # noqa: F401 - a missing package is reported before the long work, not after it
    except ImportError as error:
        raise MissingExtra("openai", "llm") from error
    key = os.environ.get(KEY, "").strip()
    if not key and config.base_url == OPENAI_URL:
        raise ConfigError(f"there is no key for {config.namer}", f"set ${KEY}, or name another server with --base-url")
    if not re.fullmatch(r"[!-~]*", key):
        raise ConfigError(f"the value of ${KEY} is not a key", "it has spaces or other characters that no key has")
    return Namer(config.namer.removeprefix("openai:"), config.base_url, config.namer_timeout, key or NO_KEY)
