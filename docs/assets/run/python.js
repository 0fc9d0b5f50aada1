// One Python a visit, for whatever on a page wants code run: the blocks (run.js), or a
// page with a program of its own.
//
//   import { run, stop } from "../run/python.js";
//   const { status, sentence } = await run("print(1 + 1)", {
//     file: "mine.py",                  // its name in tracebacks
//     page: "mine",                     // variables live until a run names another page
//     onOutput: (stream, text) => {},   // stdout, stderr, value (a repr), cut
//     onState: (sentence) => {},        // "Downloading …", "Running …"
//   });
//
// status is done, error (Python raised: the traceback went to stderr), stopped, crashed
// or unavailable; sentence says what the last three mean.  Runs wait for each other.

const meta = document.querySelector('meta[name="python-runtime"]');
const runtime = new URL(meta.content, document.baseURI).href;
const host = new URL(runtime).host;
const from = host === location.host ? "" : ` from ${host}`;
export const size = `9 MB${from}`;
const COPY = "Or copy the code and run it with Python and NumPy.";

let worker = null;
let ready = false;
let starting = null; // promise of null, or of a sentence that says why there is no Python
let settle = null; // ends the run that is under way
let listen = () => {};
let stops = 0;
// Variables die with their worker: who remembers a run remembers its life, too.
export let life = 0;
export const started = () => worker !== null;

function drop() {
  worker?.terminate();
  worker = starting = null;
  ready = false;
}

function start() {
  life += 1;
  starting = new Promise((resolve) => {
    const fail = (sentence) => {
      drop();
      resolve(`${sentence} ${COPY}`);
    };
    const missing = (why) =>
      fail(navigator.onLine ? why : "This browser is offline, and Python has to be downloaded once. " +
        "Press Run again when it is back.");
    const blocked = () => missing("The browser did not start the worker in which Python would run; " +
      "a setting or an extension may block it. Press Run to try again.");
    if (typeof WebAssembly !== "object") {
      fail("This browser has no WebAssembly, which Python needs here.");
      return;
    }
    try {
      worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
    } catch {
      blocked();
      return;
    }
    const mine = worker;
    worker.onerror = (event) => {
      if (mine !== worker) return;
      if (ready) crash(event.message);
      else blocked();
    };
    worker.onmessage = ({ data }) => {
      if (mine !== worker) return; // the last words of one that was stopped
      if (data.failed) {
        missing(`Python could not be downloaded (${data.failed}). Press Run to try again.`);
      } else if (data.ready) {
        ready = true;
        resolve(null);
      } else listen(data);
    };
    worker.postMessage({ runtime, root: new URL("../../", import.meta.url).href });
  });
  return starting;
}

function end(status, sentence) {
  stops += 1;
  const again = ready; // a download that the reader has stopped stays stopped
  drop();
  settle?.({ status, sentence });
  if (again) start(); // while the reader reads on
}

export const stop = () => end("stopped", "Stopped; variables were cleared.");
const crash = (why) => end("crashed", `Python ended (${why}); variables were cleared.`);

// The reader goes to another page: a run ends, a download goes on.
export function leave() {
  if (settle && ready) stop();
  stops += 1;
  settle?.({ status: "stopped" });
}

async function execute(code, { file = "code.py", page = "", onOutput = () => {}, onState = () => {} } = {}) {
  const ended = new Promise((resolve) => (settle = resolve));
  if (!ready) {
    onState(worker ? "Starting Python …" : `Downloading Python and NumPy, ${size} …`);
    const early = await Promise.race([starting ?? start(), ended]);
    if (early) {
      settle = null;
      return early.status ? early : { status: "unavailable", sentence: early };
    }
  }
  onState(`Running ${file} …`);
  const notice = setTimeout(onState, 30_000, "Still running after 30 seconds. Stop would end it.");
  listen = (data) => {
    if (data.stream) onOutput(data.stream, data.text);
    // What WebAssembly has grown to, it never gives back.
    else if (data.done === "full") crash("out of memory");
    else if (data.done) settle?.({ status: data.done });
    else crash(data.crashed.split("\n")[0]);
  };
  worker.postMessage({ code, file, page });
  const result = await ended;
  clearTimeout(notice);
  settle = null;
  return result;
}

// Runs that nothing may come between: inTurn(async (run) => { await run(…); … }).
let last = Promise.resolve();
export function inTurn(task) {
  const asked = stops; // Stop is meant for what waits, too
  const result = last.then(() =>
    asked === stops ? task(execute) : { status: "stopped", sentence: "Stopped before it ran." },
  );
  last = result.catch(() => {});
  return result;
}
export const run = (code, options) => inTurn((run) => run(code, options));
