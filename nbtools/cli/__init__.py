"""The command line: `nbtools COMMAND FOLDER …`.

Exit codes: 0 it is done, 1 the dataset is not as promised or something failed, 2 the
command cannot be followed.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from nbtools.cli.annotate import DEMO, LABEL, TASK
from nbtools.cli.erase import ERASE
from nbtools.cli.folders import ADD, ATTACH, INGEST, INIT
from nbtools.cli.handing import BUNDLE, REPORT
from nbtools.cli.merge import MERGE
from nbtools.cli.output import Result, printable
from nbtools.cli.parser import UsageError, parse
from nbtools.cli.show import SHOW
from nbtools.cli.split import SPLIT
from nbtools.cli.versions import DIFF, FREEZE, GC, RESTORE, VERIFY, VERSIONS
from nbtools.errors import (
    LabelError,
    NbtoolsError,
    NotADatasetError,
    OptionError,
    OrderError,
    QueryError,
    SchemaError,
    SplitError,
    VersionError,
)

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    DEMO,
    INIT,
    ADD,
    INGEST,
    ATTACH,
    TASK,
    LABEL,
    SHOW,
    FREEZE,
    VERSIONS,
    DIFF,
    VERIFY,
    RESTORE,
    SPLIT,
    MERGE,
    ERASE,
    REPORT,
    BUNDLE,
    GC,
)
_WRONG_USE = (UsageError, SchemaError, OptionError, OrderError, QueryError, LabelError, SplitError, VersionError)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after ``nbtools``; those of the process unless given.

    Returns
    -------
    int
        The exit code.
    """
    try:
        given = parse(COMMANDS, sys.argv[1:] if argv is None else argv)
        # Under --json standard output is for the program alone.
        apart = contextlib.redirect_stdout(sys.stderr) if given.json else contextlib.nullcontext()
        with apart:
            result: Result = given.command.run(given)
        result.show(sys.stdout, as_json=given.json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough (`| head`); the interpreter must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        _complain("interrupted; the same command again goes on where this one was")
        return 1
    except (NbtoolsError, OSError, UsageError) as error:
        _complain(_words(error))
        return 2 if isinstance(error, _WRONG_USE) else 1
    return result.code


def _words(error: Exception) -> str:
    if isinstance(error, NotADatasetError):
        return f"{error}\nOn the command line: nbtools init FOLDER"
    return str(error)


def _complain(text: str) -> None:
    first, *more = text.splitlines() or [""]
    sys.stderr.write("\n".join(map(printable, [f"nbtools: {first}", *more])) + "\n")
