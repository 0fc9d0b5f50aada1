"""What runs a reader's code, inside the worker (worker.mjs).  It is no part of the site's
own Python: Pyodide executes it, with `site_root` and `send` given by the worker."""

import importlib.abc
import importlib.machinery
import importlib.util
import io
import linecache
import sys
import traceback
import warnings

import numpy as np
from js import XMLHttpRequest
from pyodide.code import eval_code

LIMIT = 10_000  # characters that a run may show
# Frames of these are not the reader's, and would only hide where the mistake is.
OURS = {"runner.py", eval_code.__code__.co_filename}


class Output(io.TextIOBase):
    """A stream whose text is sent as it is written.

    At once, since nobody could send the rest of a worker that is stopped.  No loop can
    flood the page: after LIMIT characters, of both streams, nothing more is sent.
    """

    left = 0

    def __init__(self, stream):
        self.stream = stream

    def writable(self):
        return True

    def write(self, text):
        left, Output.left = Output.left, Output.left - len(text)
        if left > 0:
            send(self.stream, text[:left])
        if left >= 0 > Output.left:
            send("cut", "")
        return len(text)


class Snippets(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Makes snippets.<family>.<rule> importable: the site serves the files.

    The tools of snippets/checking are also found by their name alone, as they are for
    a reader who has saved the file.
    """

    def __init__(self):
        self.sources = {}

    def find_spec(self, name, path=None, target=None):
        parts = name.split(".")
        if parts[0] == "snippets" and len(parts) < 3:
            return importlib.machinery.ModuleSpec(name, None, is_package=True)
        if len(parts) == 1 and name not in sys.stdlib_module_names:
            parts = ["snippets", "checking", name]
        if parts[0] != "snippets" or len(parts) > 3:
            return None
        file = "/".join(parts) + ".py"
        if name == "doctor_page":  # the program of the doctor's page
            file = "assets/doctor/doctor_page.py"
        source = self.fetch(file)
        if source is None:
            return None  # Python says that there is no such module
        self.sources[name] = source
        return importlib.util.spec_from_loader(name, self, origin=name)

    def fetch(self, path):
        request = XMLHttpRequest.new()
        request.open("GET", site_root + path, False)
        try:
            request.send()
        except Exception:
            raise ImportError(f"{path} cannot be fetched; is this page offline?") from None
        return request.responseText if request.status == 200 else None

    def get_source(self, name):
        return self.sources[name]

    def get_code(self, name):
        file = name.replace(".", "/") + ".py"  # as tracebacks say it
        return compile(remember(self.sources[name], file), file, "exec")


def remember(source, file):
    """Let tracebacks show the lines of a source that is in no file."""
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = len(source), None, lines, file
    return source


def explain(error):
    """Write the traceback of an error, from the reader's code on."""
    found = traceback.TracebackException.from_exception(error)
    chain = [found]
    for link in chain:
        kept = [frame for frame in link.stack if frame.filename not in OURS]
        # None, for the SyntaxError of a whole block: then no "Traceback" is said.
        link.stack = traceback.StackSummary.from_list(kept) if kept else None
        chain += [e for e in (link.__cause__, link.__context__) if e]
        chain += link.exceptions or []
    sys.stderr.write("".join(found.format()))


namespaces = {}
PRINTING, ERRORS = np.get_printoptions(), np.geterr()


def run(code, file, page):
    """Run code as the file of that name; return how it ended, for python.js."""
    if page not in namespaces:
        namespaces.clear()  # of a page that the reader has left
        namespaces[page] = {"__name__": "__main__"}
        np.set_printoptions(**PRINTING)
        np.seterr(**ERRORS)
    Output.left = LIMIT
    # In each run anew, for code that puts streams of its own there and fails.
    sys.stdout, sys.stderr = Output("stdout"), Output("stderr")
    try:
        with warnings.catch_warnings():  # in each run a warning is said anew
            value = eval_code(remember(code, file), namespaces[page], filename=file)
            if value is not None:
                Output("value").write(repr(value) + "\n")
    except BaseException as error:  # SystemExit too: the worker goes on
        explain(error)
        return "full" if isinstance(error, MemoryError) else "error"
    return "done"


sys.meta_path.append(Snippets())
