"""The doctor in its page: the texts that fill its fields, and the page in a browser.

Every rule as an exercise first, and every mistake that is offered, without a browser.
"""

import base64
import importlib
import json
import re

import pytest

from handbook import mistakes
from tests import built, pages, rules
from tests.browsing import PHONE, SCHEMES, SIDEWAYS, axe, open_page
from tests.test_run import new_reader, served_with_python  # noqa: F401, a fixture

DOCTOR = "doctor.md"
ASSETS = built.ROOT / "docs" / "assets" / "doctor"
OFFERED = re.search(
    r"^/// mistakes \| (.*)$",
    (built.ROOT / "docs" / DOCTOR).read_text(encoding="utf-8"),
    re.M,
)[1].split()
RIGHT = """
from snippets.{module} import {function}

def backward(y_bar, *x, **held):
    y, pullback = {function}(*x, **held)
    return pullback(*y_bar) if isinstance(y_bar, tuple) else pullback(y_bar)
"""
# A right backward pass of these is zero, or has a kink in the first case.
ZERO = {"elementwise_arithmetic/piecewise_constant"}


@pytest.fixture(scope="module")
def doctor_page():
    """The module that the page imports, with the doctor beside it as for a reader."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ASSETS))
        patch.syspath_prepend(str(built.ROOT / "snippets" / "checking"))
        yield importlib.import_module("doctor_page")


def codes(reports):
    return {report.findings[0].code for report in reports}


def printed_code(number):
    """The code that forty_mistakes.md prints first for a mistake."""
    text = mistakes.PAGE.read_text(encoding="utf-8").split(f"#mistake-{number} }}")[1]
    return text.split(pages.MARKER)[1].split("```text\n")[1].split(":")[0]


# -- every rule as an exercise


@pytest.mark.parametrize("name", rules.names())
def test_every_rule_can_be_practised(name, doctor_page):
    texts = doctor_page.practise(name).value
    assert "pullback)" not in texts["forward"]
    assert "def pullback" not in texts["forward"], "the answer is shown"
    x = rules.load(name).cases(0)[0].x
    empty = doctor_page.examine(**texts)
    assert len(empty) == len(x)
    assert codes(empty) == ({"ok"} if name in ZERO else {"all-zero"})
    function = rules.function_name(name)
    right = RIGHT.format(module=name.replace("/", "."), function=function)
    assert codes(doctor_page.examine(**texts | {"backward": right})) == {"ok"}


def test_the_texts_of_a_rule(doctor_page):
    texts = doctor_page.practise("recurrent/lstm_cell").value
    assert "    return (o * m, c_next)\n" in texts["forward"] + "\n"
    assert "def sigmoid(a)" in texts["forward"]
    assert texts["backward"].startswith(
        "def backward(y_bar, x, h, c, W, U, b):\n    h_next_bar, c_next_bar = y_bar\n"
    )
    operands = doctor_page.practise("matrix_products/einsum").value["inputs"]
    assert "subscripts = 'ij,jk->ik'" in operands
    said = doctor_page.practise("softmax/softmin").value
    assert said == {"sentence": "The handbook has no rule softmax/softmin."}


# -- the mistakes that are offered, and texts that do not fit


def test_ten_are_offered():
    assert len(set(OFFERED)) == 10


@pytest.mark.parametrize("number", OFFERED)
def test_a_mistake_gets_the_code_that_its_entry_prints(number, doctor_page):
    reports = doctor_page.examine(**mistakes.texts(int(number)))
    assert codes(reports) == {printed_code(number)}


def test_a_mistake_that_cannot_be_offered():
    with pytest.raises(mistakes.NoMistakeError, match="links a thread"):
        mistakes.texts(3)
    with pytest.raises(mistakes.NoMistakeError, match="more than three texts"):
        mistakes.texts(25)


F, B = "def forward(x):\n    return x**2", "def backward(g, x):\n    return g * x"
UNFIT = {
    "no input": (F, B, "y = 1", "The inputs do not define x, which forward takes."),
    "no function": ("f = 1", B, "x = 1", "The forward defines no function"),
    "syntax": (F, "def backward(:", "x = 1", "The backward, line 1: SyntaxError: "),
    "error": (F, B, "x = 1\ny = nix", "The inputs, line 2: NameError: name 'nix' is"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_unfit_texts_get_a_sentence(name, doctor_page, capsys):
    *texts, words = UNFIT[name]
    doctor_page.show(*texts)
    assert capsys.readouterr().out.startswith(words)
    assert doctor_page.pictures().value == []


def test_what_the_inputs_may_say(doctor_page):
    forward = "def forward(x, w, *, k=1, b=0):\n    return k * x * w + b"
    backward = "def backward(g, x, w, *, k=1, b=0):\n    return {}"
    inputs = "x = np.array([1.0, 2.0])\nw = np.array([3.0, 5.0])\nk = 3\n"

    def examined(returns, more=""):
        return [
            (report.findings[0].argument, report.ok)
            for report in doctor_page.examine(
                forward, backward.format(returns), inputs + more
            )
        ]

    assert examined("k * g * w, k * g * x") == [("x", True), ("w", True)]
    assert examined("k * g * w, g * x") == [("x", True), ("w", False)]
    assert examined("k * g * w") == [("x", True)]
    assert examined("k * g * x", "wrt = 'w'") == [("w", True)]
    forward = forward.replace("b", "wrt")
    with pytest.raises(doctor_page.UnfitError, match="an option wrt of its own"):
        examined("k * g * w", "wrt = 1")


def test_a_forward_that_prints_hides_no_report(doctor_page, capsys):
    doctor_page.show(F + " + 0 * len(str(print('x' * 99)))", B, "x = np.ones(9)")
    out = capsys.readouterr().out
    assert "what else your code prints is left out" in out
    assert len(out) < 5000 and "\nconstant-factor, gradient of x\n" in out


def test_the_sentence_of_a_picture(doctor_page, capsys):
    doctor_page.show(*mistakes.texts(30).values())
    (told,) = doctor_page.pictures().value
    assert told["rows"] == ["..", "..", "##", "..", ".."]
    assert told["says"] == "2 of 10 entries are marked; in row 2"
    assert "# #" not in capsys.readouterr().out


# -- the page


class Desk:
    """The doctor in a tab, and what a reader does with it."""

    def __init__(self, reader):
        self.reader, self.tab = reader, reader.tab
        self.desk = self.tab.get_by_role("group", name="The doctor in this page")
        self.status = self.desk.get_by_role("status")

    def open(self, fragment=""):
        self.tab.goto("about:blank")
        open_page(self.tab, self.reader.served.address(DOCTOR) + fragment)
        self.desk.wait_for()
        return self

    def field(self, name):
        return self.desk.get_by_role("textbox", name=name, exact=True)

    def texts(self):
        names = ("Forward", "Backward", "Inputs")
        return {name.lower(): self.field(name).input_value() for name in names}

    def button(self, name):
        return self.desk.get_by_role("button", name=name)

    def ended(self):
        self.tab.locator(".doctor[data-state]:not([data-state=busy])").wait_for()
        return self.status.text_content()

    def diagnose(self):
        self.button("Diagnose").click()
        return self.ended()

    def output(self):
        return self.desk.get_by_role("log", name="What the doctor says").text_content()


@pytest.fixture
def desk(browser, served_with_python, runtime):  # noqa: F811
    reader = new_reader(browser, served_with_python, runtime)
    yield Desk(reader)
    assert not reader.take()
    reader.close()


@pytest.fixture(scope="module")
def kept(browser, served_with_python, runtime):  # noqa: F811
    """A desk whose Python has started."""
    reader = new_reader(browser, served_with_python, runtime)
    desk = Desk(reader).open()
    desk.diagnose()
    yield desk
    reader.close()


def fragment(texts):
    text = texts if isinstance(texts, bytes) else json.dumps(texts).encode()
    return "#texts=" + base64.urlsafe_b64encode(text).decode().rstrip("=")


def test_the_example_is_diagnosed(desk, runtime):
    before = len(runtime.asked)
    desk.open()
    assert (
        desk.button("Diagnose")
        .text_content()
        .startswith("Diagnose (downloads Python and NumPy, 9 MB")
    )
    assert desk.texts() == mistakes.texts(18)
    assert desk.tab.locator(".mistake-list").is_hidden()
    assert len(runtime.asked) == before, "Python was fetched before a click"
    assert desk.diagnose() == "Diagnosed: z: diagonal-only."
    assert len(runtime.asked) > before
    assert desk.output().startswith("diagonal-only, gradient of z\nSeen   Each entry")
    assert desk.button("Diagnose").text_content() == "Diagnose"
    picture = desk.desk.get_by_role("img")
    assert picture.get_attribute("aria-label") == (
        "Where the gradient of z is wrong: 12 of 12 entries are marked."
    )
    assert picture.text_content() == "#" * 12


@pytest.mark.parametrize("number", OFFERED)
def test_a_mistake_is_loaded_and_diagnosed(number, kept):
    entry = mistakes.entries()[int(number)]
    select = kept.desk.get_by_label("Load")
    select.select_option(entry["title"])
    assert kept.texts() == mistakes.texts(int(number))
    kept.diagnose()
    assert kept.output().split(",")[0] == printed_code(number)
    links = kept.tab.locator(".doctor-source a")
    links = [link.get_attribute("href") for link in links.all()]
    assert links[0].endswith(f"#mistake-{number}") and links[1] == entry["thread"][1]


def test_a_link_fills_the_fields_and_runs_nothing(desk, runtime):
    before = len(runtime.asked)
    texts = {
        "forward": "def forward(x):\n    return x**2  # ∂ä😀",
        "backward": "print('<b>ran</b>')\ndef backward(g, x):\n    return 3 * g * x",
        "inputs": "x = np.array([[1.0, -2.0], [0.5, 3.0]])",
    }
    desk.open(fragment(texts))
    assert desk.texts() == texts
    assert "nothing has run" in desk.status.text_content()
    desk.tab.wait_for_load_state("networkidle")
    assert desk.output() == "" and len(runtime.asked) == before
    desk.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.field("Inputs").fill("x = np.array([2.0, -1.0])")
    desk.button("Copy link").click()
    desk.tab.get_by_text("The link is copied.").wait_for()
    link = desk.tab.evaluate("navigator.clipboard.readText()")
    address, _, rest = link.partition("#")
    assert address == desk.reader.served.address(DOCTOR)
    assert re.fullmatch(r"texts=[\w-]+", rest, re.ASCII)
    desk.open("#" + rest)
    assert desk.texts() == texts | {"inputs": "x = np.array([2.0, -1.0])"}
    assert len(runtime.asked) == before
    assert desk.diagnose() == "Diagnosed: x: constant-factor."
    assert desk.output().startswith("<b>ran</b>\nconstant-factor")
    assert desk.desk.locator("b").count() == 0


BAD = {
    "no base64": "#texts=%%%",
    "no UTF-8": fragment(b"\xff\xfe"),
    "no JSON": fragment(b"{"),
    "null": fragment(None),
    "numbers": fragment({"forward": 1, "backward": 2, "inputs": 3}),
    "too few": fragment({"forward": "x"}),
    "no rule": "#rule=../../x",
    "empty": "#rule=",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_link_gets_a_sentence(name, kept):
    kept.tab.evaluate("(hash) => (location.hash = hash)", BAD[name])
    words = "names no rule" if "rule" in BAD[name] else "does not hold three texts"
    kept.tab.get_by_text(words).wait_for()
    kept.tab.evaluate("history.replaceState(null, '', location.pathname)")
    kept.desk.get_by_label("Load").select_option("A factor 2")


def test_practise_from_the_page_of_a_rule(desk, runtime):
    reader = desk.reader
    reader.open("rules/softmax/softmax.md")
    before = len(runtime.asked)
    desk.tab.get_by_role("link", name="Practise this rule").click()
    desk.desk.wait_for()
    assert desk.tab.url == reader.served.address(DOCTOR) + "#rule=softmax/softmax"
    load = desk.button("Load softmax/softmax")
    assert load.text_content().startswith("Load softmax/softmax (downloads")
    assert len(runtime.asked) == before
    load.click()
    desk.tab.get_by_text("Write the backward, then press Diagnose.").wait_for()
    assert "def forward(z, *, axis=-1)" in desk.texts()["forward"]
    assert desk.tab.evaluate("document.activeElement.ariaLabel") == "Backward"
    assert desk.diagnose() == "Diagnosed: z: all-zero."
    desk.field("Backward").fill(
        "def backward(s_bar, z, *, axis=-1):\n    s = forward(z, axis=axis)\n"
        "    return s * (s_bar - (s * s_bar).sum(axis=axis, keepdims=True))\n"
    )
    desk.field("Backward").press("Control+Enter")
    assert desk.ended() == "Diagnosed: z: ok."
    assert desk.desk.get_by_role("img").count() == 0
    # The blocks of the page keep their variables.
    assert reader.press("block 1") == "Done; matches the page."
    desk.diagnose()
    assert reader.press("block 2") == "Done; matches the page."
    assert desk.tab.evaluate("window.workers") == 1


def test_a_rule_that_does_not_exist(kept):
    kept.tab.evaluate("location.hash = '#rule=softmax/softmin'")
    kept.button("Load softmax/softmin").click()
    kept.tab.get_by_text("The handbook has no rule softmax/softmin.").wait_for()
    kept.reader.take()  # the console says 404


def test_an_endless_loop_is_stopped(kept):
    kept.field("Backward").fill("while True:\n    pass")
    kept.button("Diagnose").click()
    kept.button("Stop").click()
    assert kept.ended() == "Stopped; variables were cleared."
    kept.desk.get_by_label("Load").select_option("A factor 2")
    assert kept.diagnose() == "Diagnosed: x: constant-factor."


def test_keyboard(kept):
    kept.field("Forward").focus()
    order = []
    for _ in range(5):
        order.append(
            kept.tab.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.textContent"
            )
        )
        kept.tab.keyboard.press("Tab")
    assert order == ["Forward", "Backward", "Inputs", "Diagnose", "Copy link"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(scheme, desk):
    desk.tab.emulate_media(color_scheme=scheme)
    desk.open()
    shown = desk.tab.locator("body").get_attribute("data-md-color-scheme")
    assert shown == SCHEMES[scheme]
    desk.field("Forward").fill("def forward(x):\n    return np.abs(x)")
    desk.field("Backward").fill(
        "def backward(g, x):\n    return np.where(x > 2, np.nan, g * (x > 0))"
    )
    desk.field("Inputs").fill("x = np.array([[1.0, -2.0, 0.0], [3.0, 1.5, 2.5]])")
    desk.diagnose()
    shown = desk.desk.get_by_role("img").text_content()
    assert shown == ".#~?.?"
    assert axe(desk.tab) == []
    # The check itself: a text in the colour of its ground.
    hidden = ".doctor-bar > button { color: var(--md-code-bg-color) !important }"
    desk.tab.add_style_tag(content=hidden)
    assert any("color-contrast" in found for found in axe(desk.tab))
    desk.tab.set_viewport_size(PHONE)
    assert desk.tab.evaluate(SIDEWAYS) == []


def test_on_paper_the_page_is_as_written(kept):
    kept.tab.emulate_media(media="print")
    assert kept.tab.locator(".mistake-list").is_visible()
    assert kept.desk.is_hidden()
    kept.tab.emulate_media(media="null")


def test_without_javascript_the_ten_are_links(browser, served):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(served.address(DOCTOR))
    items = tab.locator(".mistake-list li")
    assert items.count() == 10 and items.first.is_visible()
    assert tab.locator(".doctor, textarea").count() == 0
    context.close()
