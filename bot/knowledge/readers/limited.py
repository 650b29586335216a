"""Reads a file in a child process that may not take more time, memory or room than it is given.

The parsers of PDF, DOCX and HTML meet files from anywhere: a few kilobytes can unfold to gigabytes or keep one busy for
hours. The child limits itself before it loads the parser, so nothing a file does reaches the process that asked.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import BrokenFile
from bot.knowledge.readers.extract import Extract
from bot.vocabulary import Heading

READERS = {
    "HTML": "bot.knowledge.readers.web_page",
    "PDF": "bot.knowledge.readers.pdf",
    "DOCX": "bot.knowledge.readers.word",
}
MAX_OUTPUT_BYTES = 64_000_000
IMPORT_ROOT = Path(__file__).parents[3]
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TMPDIR")


def read(kind: str, stream: BinaryIO, file: str, seconds: float, memory_bytes: int) -> Extract:
    """What the child took out of an open file of one of the READERS' kinds.

    `seconds` is time on the clock and `memory_bytes` the child's address space. Raises BrokenFile for a file that
    cannot be read, naming the limit where it was one, and OSError if no process can be started.
    """
    command = [sys.executable, "-m", "bot.knowledge.readers.limited", kind, file, str(seconds), str(memory_bytes)]
    # The settings hold passwords, and the linear algebra behind language detection reserves memory for each thread.
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as output:
        try:
            ended = subprocess.run(
                command,
                stdin=stream,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=IMPORT_ROOT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BrokenFile(file, _too_long(seconds)) from None
        if ended.returncode == -signal.SIGXCPU:
            raise BrokenFile(file, _too_long(seconds))
        if ended.returncode:
            raise BrokenFile(file, f"the {kind} parser broke down ({ended.returncode}) within {memory_bytes:,} bytes of memory")
        output.seek(0)
        return _unpack(json.load(output), file)


def _too_long(seconds: float) -> str:
    return f"takes longer to read than {seconds:g} seconds (BOT_PARSE_SECONDS)"


def _unpack(answer: dict[str, Any], file: str) -> Extract:
    if "reason" in answer:
        raise BrokenFile(file, answer["reason"], answer.get("line"))
    return Extract(
        text=answer["text"],
        headings=tuple(Heading(*heading) for heading in answer["headings"]),
        pages=tuple(answer["pages"]),
        title=answer["title"],
        published=date.fromisoformat(answer["published"]) if answer["published"] else None,
        language=answer["language"],
        url=answer["url"],
    )


def _pack(extract: Extract) -> dict[str, Any]:
    return {
        "text": extract.text,
        "headings": [(heading.start, heading.level, heading.text) for heading in extract.headings],
        "pages": extract.pages,
        "title": extract.title,
        "published": extract.published.isoformat() if extract.published else None,
        "language": extract.language,
        "url": extract.url,
    }


def _limit(seconds: float, memory_bytes: int) -> None:
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: math.ceil(seconds) + 1,
        resource.RLIMIT_FSIZE: MAX_OUTPUT_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _answer(kind: str, file: str, memory_bytes: int) -> dict[str, Any]:
    try:
        reader = importlib.import_module(READERS[kind])
        return _pack(reader.read(sys.stdin.buffer.read(), file))
    except BrokenFile as error:
        return {"reason": error.problem.reason, "line": error.problem.line}
    except MemoryError:
        return {"reason": f"needs more memory to read than {memory_bytes:,} bytes (BOT_PARSE_MEMORY_BYTES)"}
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        return {"reason": f"cannot be read as {kind} ({type(error).__name__}{': ' if told else ''}{told})"}


def main(kind: str, file: str, seconds: str, memory_bytes: str) -> None:
    """The child's part: standard input is the file, standard output an Extract, or a reason, as JSON."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints must not get between
    _limit(float(seconds), int(memory_bytes))
    answer = json.dumps(_answer(kind, file, int(memory_bytes))).encode()
    if len(answer) > MAX_OUTPUT_BYTES:
        answer = json.dumps({"reason": f"unfolds to more than {MAX_OUTPUT_BYTES:,} bytes of text"}).encode()
    output.write(answer)
    output.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
