"""Markup of platforms as plain text: HTML, Markdown, and the references of Slack and Discord."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A line break, a link, or a pair of tags: what an export of HTML has, and a text that mentions <div> has not.
HTML = re.compile(
    r"<br\s*/?>|<a\s[^>]*\bhref=[^>]*>.*?</a\s*>|<(p|b|i|u|em|strong|span|div|blockquote|code|pre|ul|ol|li|h[1-6])\b[^>]*>.*?</\1\s*>",
    re.I | re.S,
)
# Elements that begin on a line of their own; between paragraphs there is an empty line.
BLOCKS = frozenset({"div", "li", "ul", "ol", "tr", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
# Elements that a reader does not see.
HIDDEN = frozenset({"script", "style", "head", "title", "template"})
# <@U012AB3CD>, <@U012AB3CD|name>, <#C024BE7LR|general>, <!here>, <https://example.org|label> of Slack; <@!9000>,
# <#9000>, <:smile:9000>, <https://example.org> of Discord.
REFERENCE = re.compile(
    r"<(?:(?P<sign>[@#!])[!&]?(?P<id>[\w^-]+)|:(?P<emoji>\w+):\d+|a:(?P<moving>\w+):\d+|(?P<link>(?:https?|mailto):[^\s|<>]+))"
    r"(?:\|(?P<label>[^<>]*))?>"
)
# An entity with its semicolon: "?a=1&copy=2" has none.
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
# The same link with and without its scheme, shortened, or as it is.
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.I)


def with_link(label: str, target: str) -> str:
    """Return a link as text: a handle or hashtag alone, else its label and its target, once if they are the same."""
    label = label.strip()
    if not target.lower().startswith(("http://", "https://")) or label.startswith(("@", "#")):
        return label or target
    bare, shown = _SCHEME.sub("", target).rstrip("/"), _SCHEME.sub("", label).rstrip("/….")
    if not label or (shown and bare.startswith(shown)):
        return target
    return f"{label} {target}"


def entities_text(text: str) -> str:
    """Return a text with its entities resolved, also those that were escaped twice."""
    once = ENTITY.sub(lambda found: unescape(found[0]), text)
    return ENTITY.sub(lambda found: unescape(found[0]), once)


def html_text(text: str) -> str:
    """Return the text of HTML: entities resolved, tags gone, links with their targets, without quoted blocks."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Reader that collects what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in HIDDEN or (tag == "blockquote" and not self._unseen):
            self._unseen.append(tag)
        elif tag == "br" or (tag in BLOCKS and self.parts):
            self.parts.append("\n")
        elif tag == "p" and self.parts:
            self.parts.append("\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag == "img" and not self._unseen:
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag == "a" and self._links:
            target, start = self._links.pop()
            label = "".join(self.parts[start:])
            self.parts[start:] = [with_link(label, target)]
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._unseen:
            self.parts.append(data)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("strikethrough")


def markdown_text(text: str) -> str:
    """Return the text of Markdown: marks gone, links with their targets, without the lines that it quotes.

    A text that is a quotation as a whole stays, without its marks.
    """
    # Reddit's spoilers are >!hidden!<; a zero-width space alone in a line is its empty paragraph.
    text = re.sub(r">!(.*?)!<", r"\1", entities_text(text).replace("\u200b", ""), flags=re.S)
    tokens = _markdown().parse(text)
    return _shown(tokens) or _shown([token for token in tokens if not token.type.startswith("blockquote")])


def _shown(tokens: list[Token]) -> str:
    parts: list[str] = []
    depth = 0
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if depth:
            continue
        if token.type == "list_item_open":
            parts.append(f"{token.info}{token.markup} " if token.info else "- ")
        elif token.type == "inline":
            parts.append(_inline(token.children or []))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content)
        elif token.type in ("paragraph_close", "heading_close"):
            parts.append("\n" if token.hidden else "\n\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()


def _inline(tokens: list[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in ("text", "code_inline", "html_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(parts)))
        elif token.type == "link_close":
            target, start = links.pop()
            parts[start:] = [with_link("".join(parts[start:]), target)]
    return "".join(parts)


def reference_text(text: str) -> str:
    """Return a text with the references of Slack and Discord as a reader sees them: @name, #channel, links."""
    return entities_text(REFERENCE.sub(_reference, text))


def _reference(found: re.Match[str]) -> str:
    label = found["label"] or ""
    if found["link"]:
        return with_link(label, found["link"])
    if found["sign"] == "!":
        return "@" + (label.removeprefix("@") or found["id"].partition("^")[0])
    if found["sign"]:
        return found["sign"] + (label.removeprefix(found["sign"]) or found["id"])
    return f":{found['emoji'] or found['moving']}:"
