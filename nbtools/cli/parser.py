"""The grammar of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from nbtools import __version__
from nbtools.cli.output import Result
from nbtools.errors import did_you_mean


class UsageError(Exception):
    """The command was given in a way that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes
    ----------
    name : str
        As it is typed.
    summary : str
        One line.
    arguments : callable
        Adds its arguments to a parser.
    run : callable
        Does it.
    folder : bool
        Whether a dataset's folder comes first.
    """

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], Result]
    folder: bool = True


class Parser(argparse.ArgumentParser):
    """argparse, but an error is raised, so that one place decides how it is said."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print.

        Raises
        ------
        UsageError
            Always.
        """
        raise UsageError(f"{message}\n{self.format_usage().strip()}")


def parse(commands: Sequence[Command], argv: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says; its `command` is one of the commands.

    Raises
    ------
    UsageError
        If it says nothing that can be followed.
    """
    names = [command.name for command in commands]
    first = next((word for word in argv if not word.startswith("-")), None)
    if first is not None and first not in names:
        raise UsageError(f"there is no command {first!r}{did_you_mean(first, names)}\nThere are: {', '.join(names)}")
    parser = build(commands)
    if first is None and not any(word in ("-h", "--help", "--version") for word in argv):
        raise UsageError(parser.format_help().strip())
    return parser.parse_args(argv)


def build(commands: Sequence[Command]) -> Parser:
    """Return the parser of all commands."""
    parser = Parser(
        prog="nbtools",
        description="Turn a folder of files into a labeled dataset.",
        epilog="`nbtools COMMAND --help` says more of each. To see it work: nbtools demo",
    )
    parser.add_argument("--version", action="version", version=f"nbtools {__version__}")
    below: Any = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in commands:
        made = below.add_parser(command.name, help=command.summary, description=command.summary)
        made.set_defaults(command=command)
        if command.folder:
            made.add_argument("folder", metavar="FOLDER", help="the dataset's folder")
        command.arguments(made)
        made.add_argument("--json", action="store_true", help="print JSON, for a program")
    return parser
