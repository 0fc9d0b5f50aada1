"""Addresses that were published once are kept, or send their readers on."""

import pytest

from handbook import addresses
from tests import browsing, built

PAGES = {
    "": '<h1 id="top">Top</h1>',
    "rules/new/": '<h1 id="new">New</h1><h2 class=x id=kinks>At kinks</h2>',
    "rules/other/": '<h2 id="proof">Proof</h2>',
}
PROMISED = ["./", "./#top", "old/", "old/#kinks", "old/#derivation"]
MOVED = {"old/": "rules/new/", "old/#derivation": "rules/other/#proof"}


@pytest.fixture
def small(tmp_path):
    for address, body in PAGES.items():
        file = tmp_path / "site" / address / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<!doctype html><title>x</title>{body}", encoding="utf-8")
    return tmp_path / "site"


def test_addresses_of_the_site_are_noted(tmp_path_factory):
    """What is not noted could be lost without a word."""
    site = built.site(tmp_path_factory)
    noted = [address for (address,) in addresses.lines(addresses.PROMISED)]
    assert noted == sorted(set(noted)) and len(noted) > 1400
    new = set(addresses.written(addresses.headings(site.folder))) - set(noted)
    if new:
        pytest.fail("run `make addresses`: " + " ".join(sorted(new)), pytrace=False)


def test_what_is_kept_or_moved_is_no_problem(small):
    assert not addresses.problems(addresses.headings(small), PROMISED, MOVED)


@pytest.mark.parametrize(
    "promised, moved, said",
    [
        (["gone/"], {}, "gone/ would be lost; add a line to handbook/moved.txt"),
        (["rules/new/#gone"], {}, "anchor back, as in `## Title { #gone }`"),
        (["old/#gone"], MOVED, "rules/new/#gone does not exist: give it a line"),
        ([], {"old/": "nowhere/"}, "old/ is sent to nowhere/, which does not exist"),
        ([], {"rules/new/": "./"}, "rules/new/ still stands"),
        ([], {"rules/new/#a": "./#top"}, "leave an empty anchor there"),
    ],
)
def test_problems_name_the_way_out(small, promised, moved, said):
    found = addresses.problems(addresses.headings(small), promised, moved)
    assert len(found) == 1 and said in found[0]


def test_a_build_that_loses_an_address_fails(small, tmp_path):
    promised, moved = tmp_path / "addresses.txt", tmp_path / "moved.txt"
    promised.write_text("# kept\ngone/\n", encoding="utf-8")
    moved.write_text("# moved\n", encoding="utf-8")
    with pytest.raises(ValueError, match="gone/ would be lost"):
        addresses.keep(small, promised, moved)
    addresses.promise(small, promised)
    text = promised.read_text(encoding="utf-8").splitlines()
    assert text[0] == "# kept" and {"gone/", "rules/new/#kinks"} < set(text)
    moved.write_text("gone/  rules/new/\n", encoding="utf-8")
    addresses.keep(small, promised, moved)
    assert (small / "gone" / "index.html").is_file()


@pytest.mark.parametrize(
    "asked, arrives",
    [
        ("old/", "rules/new/"),
        ("old/#kinks", "rules/new/#kinks"),
        ("old/#derivation", "rules/other/#proof"),
    ],
)
def test_readers_of_an_old_address_arrive(small, browser, asked, arrives):
    """Under a sub-path, too: the site stands in a folder of the server."""
    addresses.redirect(small, MOVED)
    with browsing.serve(small.parent) as server:
        for javascript in (True, False):
            context = browser.new_context(java_script_enabled=javascript)
            tab = context.new_page()
            tab.goto(f"{server.origin}site/{asked}")
            # Only a script can know where an anchor went.
            end = arrives if javascript else "rules/new/"
            tab.wait_for_url(f"{server.origin}site/{end}")
            context.close()
