"""The house rules that a machine can read."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from settings import ROOT

# What each room may import of ours, by the start of the name.
BELOW = {
    "models": ("models",),
    "channels": ("channels", "models"),
    "storefronts": ("storefronts", "models"),
    "verification": (
        "verification",
        "channels.protocol",
        "storefronts.endpoint",
        "storefronts.signing",
        "models",
    ),
    "web": ("web", "verification", "channels", "storefronts", "models", "settings"),
    "scripts": ("scripts", "web", "verification", "channels", "storefronts", "models", "settings"),
    "app": ("app", "scripts", "web", "verification", "channels", "storefronts", "models", "settings"),
    "settings": (),
}

# Where a library may be used.
KEEPERS = {
    "alembic": ("scripts.migrating",),
    "alfalak": ("verification.hours.prayer",),
    "apscheduler": ("scripts",),
    "click": ("scripts", "app"),
    "flask": ("web", "app"),
    "hijridate": ("verification.hours.moon",),
    "holidays": ("verification.hours.public_days",),
    "httpcore": ("storefronts", "channels"),
    "httpx": ("storefronts", "channels"),
    "numpy": ("verification.slots", "verification.learning", "scripts.benching"),
    "phonenumbers": ("models",),
    "psycopg": ("scripts",),
    "sklearn": ("verification.learning",),
    "sqlalchemy": ("models", "verification", "channels.sandbox", "channels.registry", "scripts"),
    "threadpoolctl": ("verification.slots",),
    "twilio": ("channels",),
}

# These think and nothing else: neither they nor what they import of verification knows the database.
PURE = (
    "verification.planning.plan",
    "verification.planning.permission",
    "verification.decision.ruling",
    "verification.routing.buckets",
    "verification.routing.health",
    "verification.routing.route",
    "verification.tiers.tier",
    "verification.screening",
    "verification.slots",
    "verification.replies",
    "verification.voice.script",
    "verification.worth.asking",
    "verification.worth.waiving",
    "verification.worth.worth",
)

# The sub-rooms of verification, each importing only those after it. Planning stands behind outcome because
# the flow is a circle, which intake enters at planning.
STAGES = (
    ("intake", "privacy", "outcome"),
    ("contact", "staffing"),
    ("planning",),
    ("trial", "learning"),
    ("habits", "worth"),
    ("decision",),
    ("telling", "tiers", "steps"),
)

# One state of many rows at once is SQL's work; everything else goes through transitions.
STATE_SETTERS = (
    "verification.steps.transitions",
    "verification.contact.promoting",
    "verification.contact.claiming",
)
WITHOUT_CLOCK = ("models", "channels", "storefronts", "verification")
REAL_CLOCK = (
    "verification.telling.delivering",
)  # a signature's time is the wall's, whatever the simulated time
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
LONGEST = 300


def modules() -> dict[str, Path]:
    files = [ROOT / f"{room}.py" for room in BELOW] + [
        each for room in BELOW for each in (ROOT / room).rglob("*.py")
    ]
    names = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
    }
    return {name: file for name, file in names.items() if file.exists()}


MODULES = modules()


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{each.name}" for each in node.names]
            yield from (name if name in MODULES else node.module for name in inside)


def calls(module: str) -> Iterator[tuple[str, ast.Call]]:
    yield from (
        (ast.unparse(node.func), node) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)
    )


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def test_imports_go_down_the_stairs() -> None:
    upward = [
        f"{module} imports {name}"
        for module in MODULES
        for name in imports(module)
        if name.split(".")[0] in BELOW and not within(name, BELOW[module.split(".")[0]])
    ]
    assert upward == []


def test_a_stage_never_calls_the_stage_before_it() -> None:
    floors = {room: floor for floor, rooms in enumerate(STAGES) for room in rooms}
    backward = [
        f"{module} imports {name}"
        for module in MODULES
        for name in imports(module)
        if (here := module.split(".")[1:2]) and within(module, ("verification",))
        if (there := name.split(".")[1:2]) and within(name, ("verification",)) and here != there
        if floors.get(there[0], 99) <= floors.get(here[0], 99) < 99
    ]
    assert backward == []


def test_libraries_stay_in_their_rooms() -> None:
    strayed = [
        f"{module} imports {name}"
        for module in MODULES
        for name in imports(module)
        if name.split(".")[0] in KEEPERS and not within(module, KEEPERS[name.split(".")[0]])
    ]
    assert strayed == []


def test_every_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[\[<>=]", each)[0] for each in project["dependencies"]}
    declared |= {
        "pydantic-core",
        "werkzeug",
        "click",
        "jinja2",
        "markupsafe",
    }  # pydantic and flask hand these out
    packages = packages_distributions()
    used = {name.split(".")[0] for module in MODULES for name in imports(module)} - set(BELOW)
    undeclared = {
        name
        for name in used - sys.stdlib_module_names
        if not declared & {each.lower().replace("_", "-") for each in packages.get(name, [])}
    }
    assert undeclared == set()


def test_thinking_touches_no_database() -> None:
    for start in (module for module in MODULES if within(module, PURE)):
        known, ahead = set[str](), {start}
        while ahead:
            known |= ahead
            found = {name for module in ahead for name in imports(module)}
            assert not [name for name in found if within(name, ("sqlalchemy", "models.unit_of_work"))], start
            ahead = {name for name in found if within(name, ("verification",)) and name in MODULES} - known


def test_only_the_unit_of_work_commits() -> None:
    # Ending a savepoint keeps the transaction open.
    commits = {
        module
        for module in MODULES
        for name, _ in calls(module)
        if name.endswith(".commit") and name != "savepoint.commit"
    }
    assert commits == {"models.unit_of_work"}


def test_no_module_holds_a_session_or_an_engine() -> None:
    held = [
        f"{module}: {ast.unparse(node)}"
        for module in MODULES
        for node in tree(module).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and re.search(r"(?i)(session|engine)\w*$", ast.unparse(node.value.func))
    ]
    assert held == []


def sets_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return bool({"step.state", "attempt.state"} & {ast.unparse(target) for target in node.targets})
    if isinstance(node, ast.Call) and re.search(
        r"(?s)update\([\w.]*(Step|Attempt)\).*\.values$", ast.unparse(node.func)
    ):
        return "state" in {keyword.arg for keyword in node.keywords}
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(re.search(r"(?is)update\s+(steps|attempts)\b.*\bset\b.*?\bstate\s*=", node.value))
    )


def test_steps_and_attempts_change_state_in_one_place() -> None:
    changes = [
        f"{module}: {ast.unparse(node)}"
        for module in MODULES
        if not within(module, STATE_SETTERS)
        for node in ast.walk(tree(module))
        if sets_state(node)
    ]
    assert changes == []


def test_files_are_short() -> None:
    lengths = {module: len(file.read_text(encoding="utf-8").splitlines()) for module, file in MODULES.items()}
    assert {module: length for module, length in lengths.items() if length > LONGEST} == {}


def test_only_settings_read_the_environment() -> None:
    readers = []
    for module in (name for name in MODULES if name != "settings"):
        # The whole of it may be handed down to the processes that scripts start.
        pattern = r"os\.getenv|os\.environ[.\[]" if within(module, ("scripts",)) else r"os\.(getenv|environ)"
        readers += [module] * bool(re.search(pattern, ast.unparse(tree(module))))
    assert readers == []


def test_time_is_a_parameter() -> None:
    lookers = [
        f"{module} calls {name}"
        for module in MODULES
        if within(module, WITHOUT_CLOCK) and module not in REAL_CLOCK
        for name, _ in calls(module)
        if name.removeprefix("datetime.") in CLOCKS or name in CLOCKS
    ]
    assert lookers == []


def test_pages_load_nothing_from_elsewhere() -> None:
    outside = re.compile(
        r"""<(?!a\b)\w+[^>]*\s(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import"""
    )
    assets = [each for kind in ("html", "css", "js") for each in (ROOT / "web").rglob(f"*.{kind}")]
    assert [str(each) for each in assets if outside.search(each.read_text(encoding="utf-8"))] == []
