"""axe-core, run inside a page; what it finds, told so that the element can be found."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = (
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
)
_RUN: Final = """async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations'],
  });
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => ({
    id, help, target: node.target.join(' '), why: node.failureSummary,
  })));
}"""


def violations(page: Page) -> list[str]:
    """Through the debugger, so that the page's own policy stays as strict as it ships."""
    assert AXE.is_file(), "axe-core is missing; `./scripts/test e2e` installs it"
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(RULES))
    return [f"{each['id']} at {each['target']}: {each['help']}. {each['why']}" for each in found]
