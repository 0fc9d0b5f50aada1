// Python in a thread of its own, so that an endless loop costs the reader no tab.
// Asked: { runtime, root } once, then { code, file, page } for each run.
// Answers: { ready }, { failed }, { stream, text } for what is printed, { done: status },
// and { crashed } where Python itself has ended.

let run;

// Pyodide only warns, and waits for ever, where its WebAssembly cannot be fetched or
// compiled: every failed download has to end the start.
let failed;
const failure = new Promise((_, reject) => (failed = reject));
const plainFetch = self.fetch;
self.fetch = async (address, options) => {
  try {
    const response = await plainFetch(address, options);
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    return response;
  } catch (error) {
    const sentence = new Error(`${address.url ?? address}: ${error.message}`);
    failed(sentence);
    throw sentence;
  }
};
const plainCompile = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...given) => {
  try {
    return await plainCompile(...given);
  } catch (error) {
    failed(error);
    throw error;
  }
};

// What else breaks when a download fails has been said by then.
self.onunhandledrejection = (event) => event.preventDefault();

// Not from a memory snapshot (Pyodide's _makeSnapshot and _loadSnapshot), though one of
// the bare core starts in 0.58 of the time from a server next door: it is 5.1 MB more to
// download, gzipped, which takes longer than it saves below 25 Mbit/s; Pyodide's host has
// none; it fits one build alone; and all who load it share one hash seed.  With NumPy
// imported, 7.9 MB, it dies at the first call into NumPy ("table index is out of bounds"):
// Pyodide does not restore side modules.  Options with an underscore are no interface yet.
async function start(runtime, root) {
  // The wheel travels beside the core; the lock file knows its name and its checksum.
  const lock = fetch(runtime + "pyodide-lock.json").then((response) => response.json());
  const wheel = lock.then(async ({ packages: { numpy } }) => {
    const sum = numpy.sha256.match(/../g).map((byte) => parseInt(byte, 16));
    const integrity = "sha256-" + btoa(String.fromCharCode(...sum));
    return (await fetch(runtime + numpy.file_name, { integrity })).arrayBuffer();
  });
  const runner = fetch(new URL("runner.py", import.meta.url)).then((r) => r.text());
  const { loadPyodide } = await import(runtime + "pyodide.mjs");
  const pyodide = await loadPyodide({ indexURL: runtime, lockFileContents: lock, packageBaseUrl: runtime });
  const extractDir = pyodide.runPython("import site; site.getsitepackages()[0]");
  pyodide.unpackArchive(await wheel, "wheel", { extractDir });
  const globals = pyodide.toPy({ site_root: root, __name__: "runner" });
  globals.set("send", (stream, text) => postMessage({ stream, text }));
  pyodide.runPython(await runner, { globals, filename: "runner.py" });
  run = globals.get("run");
}

self.onmessage = async ({ data }) => {
  if (data.runtime) {
    try {
      await Promise.race([start(data.runtime, data.root), failure]);
      postMessage({ ready: true });
    } catch (error) {
      postMessage({ failed: String(error.message ?? error) });
    }
    return;
  }
  try {
    postMessage({ done: run(data.code, data.file, data.page) });
  } catch (error) {
    postMessage({ crashed: String(error.message ?? error) });
  }
};
