"""Locators as text, in the form that Playwright's codegen prints for Python.

The text is read as a syntax tree and only what `locator_chain` names is carried over; nothing is ever
evaluated. `get_by_role("button", name="Done")` is looked for under the root of its screen, and
`page.get_by_role(…)` from the top of the page. `{employee_id}` in a string stands for the value that
the screen looks for.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from functools import lru_cache

from rpa.domain.errors import UsageError
from rpa.pages.locator_chain import METHODS, PROPERTIES, Chain, Method, Pattern, Step, Value
from rpa.pages.locator_values import Unfit, first_invisible, read_pattern, read_string

LONGEST = 1000
MOST_STEPS = 20
DEEPEST = 4
_ALLOWED = f"Allowed are {', '.join(sorted([*METHODS, *PROPERTIES]))}, one after the other with a dot."


@lru_cache(maxsize=1024)
def parse_locator(
    text: str, name: str, needed: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> Chain:
    """The locator that `text` spells for the element `name`, or UsageError for anything else.

    The placeholders in `needed` must stand in it, those in `optional` may.
    """
    return _Reader(text.strip(), name, needed, optional).read()


class _Reader:
    """One text on its way to a chain; each refusal names the element, the column and what is allowed."""

    def __init__(self, text: str, name: str, needed: tuple[str, ...], optional: tuple[str, ...]) -> None:
        self._text = text
        self._name = name
        self._needed = needed
        self._known = (*needed, *optional)
        self._used: set[str] = set()

    def read(self) -> Chain:
        tree = self._tree()
        chain = self._chain(tree, depth=0)
        for parameter in self._needed:
            if parameter not in self._used:
                raise self._refusal(tree, f"it does not say {{{parameter}}}", "Put it where the value is.")
        return chain

    def _tree(self) -> ast.expr:
        if len(self._text) > LONGEST:
            raise self._refusal_at(LONGEST, f"it is longer than {LONGEST} characters", _ALLOWED)
        if at := first_invisible(self._text):
            raise self._refusal_at(at, "there is an invisible character here", "Type it anew.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tree = ast.parse(self._text, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as reason:
            column = getattr(reason, "offset", None) or 1
            raise self._refusal_at(column, "it is not one expression of Python", _ALLOWED) from None
        self._check_names()
        return tree

    def _check_names(self) -> None:
        """Python takes look-alike letters in names for the plain ones; we do not."""
        for token in tokenize.generate_tokens(io.StringIO(self._text).readline):
            if token.type != tokenize.STRING and not token.string.isascii():
                raise self._refusal_at(token.start[1] + 1, "this is not plain ASCII", _ALLOWED)

    def _chain(self, node: ast.expr, depth: int) -> Chain:
        if depth > DEEPEST:
            raise self._refusal(node, f"locators are nested deeper than {DEEPEST}", "Make it simpler.")
        links = self._links(node)
        absolute = isinstance(links[0], ast.Name) and links[0].id == "page"
        steps: list[Step] = []
        kind = "root"
        for link in links[1:] if absolute else links:
            step = self._step(link, kind, depth)
            steps.append(step)
            kind = step.gives
        if kind != "locator":
            raise self._refusal(node, "it does not end at an element", _ALLOWED)
        return Chain(steps=tuple(steps), absolute=absolute)

    def _links(self, node: ast.expr) -> list[ast.expr]:
        """The steps of a chain from the left: `a().b.c()` is a(), .b, .c()."""
        links: list[ast.expr] = []
        current: ast.expr | None = node
        while current is not None:
            links.append(current)
            if len(links) > MOST_STEPS:
                raise self._refusal(node, f"it has more than {MOST_STEPS} steps", "Make it simpler.")
            called = current.func if isinstance(current, ast.Call) else current
            current = called.value if isinstance(called, ast.Attribute) else None
        return links[::-1]

    def _step(self, link: ast.expr, kind: str, depth: int) -> Step:
        if isinstance(link, ast.Attribute):
            prop = PROPERTIES.get(link.attr)
            if prop is None or kind not in prop.on:
                raise self._refusal(link, f".{link.attr} cannot stand here", _ALLOWED)
            return Step(method=link.attr, gives=prop.gives)
        if not isinstance(link, ast.Call) or not isinstance(link.func, ast.Attribute | ast.Name):
            raise self._refusal(link, "this is not a step of a locator", _ALLOWED)
        name = link.func.attr if isinstance(link.func, ast.Attribute) else link.func.id
        method = METHODS.get(name)
        if method is None or kind not in method.on:
            raise self._refusal(link.func, f"{name}() cannot stand here", _ALLOWED)
        return self._call(link, name, method, depth)

    def _call(self, link: ast.Call, name: str, method: Method, depth: int) -> Step:
        told = method.told(name)
        if len(link.args) != len(method.positional):
            raise self._refusal(link, f"{name}() takes {len(method.positional)} plain argument(s)", told)
        args = tuple(
            self._value(node, takes, told, depth)
            for node, takes in zip(link.args, method.positional, strict=True)
        )
        named: dict[str, Value] = {}
        for keyword in link.keywords:
            key = keyword.arg or "**"
            if key not in method.named or key in named:
                raise self._refusal(keyword.value, f"{key} cannot stand here", told)
            named[key] = self._value(keyword.value, method.named[key], told, depth)
        return Step(method=name, gives=method.gives, args=args, named=tuple(named.items()))

    def _value(self, node: ast.expr, takes: frozenset[str], told: str, depth: int) -> Value:
        if "locator" in takes:
            return self._inner(node, depth)
        if "pattern" in takes and isinstance(node, ast.Call):
            return self._pattern(node, told)
        if "int" in takes and (number := _number(node)) is not None:
            return number
        constant = node.value if isinstance(node, ast.Constant) else None
        if "bool" in takes and isinstance(constant, bool):
            return constant
        if takes & {"str", "css", "role"} and isinstance(constant, str):
            try:
                return read_string(constant, takes, self._known, self._used)
            except Unfit as unfit:
                raise self._refusal(node, unfit.why, unfit.allowed) from None
        raise self._refusal(node, "this argument is of another type", told)

    def _inner(self, node: ast.expr, depth: int) -> Chain:
        chain = self._chain(node, depth + 1)
        if chain.crosses_frames:
            raise self._refusal(node, "a locator inside another cannot enter a frame", "Leave it out.")
        return chain

    def _pattern(self, node: ast.Call, told: str) -> Pattern:
        source = node.args[0] if node.args else node
        flags = [ast.unparse(flag) for flag in node.args[1:]]
        plain = isinstance(source, ast.Constant) and isinstance(source.value, str) and not node.keywords
        if not plain or ast.unparse(node.func) != "re.compile":
            raise self._refusal(node, 'this is not re.compile("…")', told)
        if flags not in ([], ["re.IGNORECASE"], ["re.I"]):
            raise self._refusal(node, "the only flag is re.IGNORECASE", told)
        try:
            return read_pattern(ast.literal_eval(source), bool(flags), self._known, self._used)
        except Unfit as unfit:
            raise self._refusal(source, unfit.why, unfit.allowed) from None

    def _refusal(self, node: ast.expr, why: str, allowed: str) -> UsageError:
        before = self._text.encode()[: node.col_offset].decode()
        return self._refusal_at(len(before) + 1, why, allowed)

    def _refusal_at(self, column: int, why: str, allowed: str) -> UsageError:
        return UsageError(f"portals.toml: locators.{self._name}, column {column}: {why}.", next_step=allowed)


def _number(node: ast.expr) -> int | None:
    """A whole number, a negative one included (`nth(-1)` is the last)."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value < LONGEST:
        return sign * node.value
    return None
