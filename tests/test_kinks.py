"""The kinks tables in the pages are what everybody returns now.

The first two tests are the claim; the others prove that it can fail.
"""

import pytest

from tests import kinks, peers, rules

RELU = "activations/relu"
SMOOTH = "losses/mse_loss"


@pytest.mark.parametrize("name", rules.names())
def test_kinks_table(name):
    kinks.require_current(name)


def test_kinks_tables_belong_to_rules():
    strangers = set(kinks.printed()) - set(rules.names())
    assert not strangers, f"Kinks regions for rules that are not there: {strangers}"


REGION = "<!-- kinks: activations/relu -->\n<!-- /kinks -->\n"


@pytest.fixture
def pages(tmp_path):
    if peers.absent("torch"):
        pytest.skip(f"It is a column of the table: {peers.absent('torch')}")
    (tmp_path / "activations").mkdir()
    (tmp_path / "activations" / "relu.md").write_text(
        "Before.\n\n" + REGION + "After.\n"
    )
    return tmp_path


def test_kinks_table_is_written_and_then_current(pages):
    with pytest.raises(AssertionError, match="is not what the peers return now"):
        kinks.require_current(RELU, pages)
    assert kinks.write(pages) == [pages / "activations" / "relu.md"]
    kinks.require_current(RELU, pages)
    assert kinks.write(pages) == []
    text = (pages / "activations" / "relu.md").read_text()
    assert text.startswith("Before.\n\n<!-- kinks: ") and text.endswith("-->\nAfter.\n")
    assert "| x = 0 | 0 | 0 | 0 | 0.5 |" in text


def test_edited_kinks_table_fails(pages):
    kinks.write(pages)
    page = pages / "activations" / "relu.md"
    page.write_text(page.read_text().replace("| 0.5 |", "| 0 |", 1))
    with pytest.raises(AssertionError, match="is not what the peers return now"):
        kinks.require_current(RELU, pages)


def test_kinks_table_without_torch_leaves_its_columns_alone(pages, monkeypatch):
    kinks.write(pages)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(peers, "installed", lambda peer: peer != "torch")
    kinks.require_current(RELU, pages)
    page = pages / "activations" / "relu.md"
    page.write_text(page.read_text().replace("| x = 0 | 0 | 0 |", "| x = 0 | 0 | 7 |"))
    kinks.require_current(RELU, pages)
    page.write_text(page.read_text().replace("| x = 0 | 0 | 7 |", "| x = 0 | 7 | 7 |"))
    with pytest.raises(AssertionError, match="is not what the peers return now"):
        kinks.require_current(RELU, pages)


def test_lost_kinks_region_fails_by_name(pages):
    (pages / "activations" / "relu.md").write_text("Nothing here.\n")
    with pytest.raises(AssertionError, match="kinks: activations/relu"):
        kinks.require_current(RELU, pages)


def test_torn_kinks_region_fails_by_name(pages):
    (pages / "activations" / "relu.md").write_text("<!-- kinks: activations/relu -->\n")
    with pytest.raises(AssertionError, match=r"relu\.md: 1 kinks regions are opened"):
        kinks.require_current(RELU, pages)


def test_kinks_region_of_a_smooth_rule_fails(pages):
    (pages / "activations" / "relu.md").write_text(REGION.replace(RELU, SMOOTH))
    with pytest.raises(AssertionError, match="declares no KINKS"):
        kinks.require_current(SMOOTH, pages)
