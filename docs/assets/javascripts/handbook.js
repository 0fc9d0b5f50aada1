// What a reader gets on top of a page that is whole without JavaScript: the LaTeX
// source of a display formula, a rule's code as one file, its id in a report.

const button = (text, label) => {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  return element;
};

// KaTeX keeps the source of a formula in its MathML.  The parts of a display formula
// were typeset one by one (handbook/maths.py).
const latexOf = (formula) =>
  [...formula.querySelectorAll('annotation[encoding="application/x-tex"]')]
    .map((annotation) => annotation.textContent)
    .join("\n\\qquad\n");

function offerLatex(formula) {
  const line = document.createElement("span");
  line.className = "latex-source";
  const show = button("LaTeX", "Show the LaTeX source of this formula");
  show.setAttribute("aria-expanded", "false");
  show.addEventListener("click", () => {
    const shown = line.querySelector("pre");
    if (shown) {
      shown.remove();
    } else {
      const source = document.createElement("pre");
      const code = document.createElement("code");
      code.textContent = latexOf(formula);
      source.append(code);
      line.append(source);
      // Selected, so that the next key press copies it.
      getSelection().selectAllChildren(code);
    }
    show.setAttribute("aria-expanded", String(!shown));
  });
  line.append(show);
  formula.after(line);
}

// The Python blocks of the rule under this head, in order, as one file.
function codeUnder(head) {
  const heading = head.previousElementSibling;
  const blocks = [];
  for (let e = head.nextElementSibling; e; e = e.nextElementSibling) {
    if (e.tagName === heading.tagName && heading.tagName !== "H1") break;
    if (e.matches("div.language-python")) blocks.push(e.querySelector("code").textContent.trimEnd());
  }
  return blocks.join("\n\n\n") + "\n";
}

function offerCode(head) {
  const name = head.querySelector("code").textContent;
  const copy = button("Copy the code", `Copy the code of ${name} as one file`);
  copy.className = "copy-page";
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(codeUnder(head));
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "The browser does not allow copying here";
    }
    setTimeout(() => (copy.textContent = "Copy the code"), 2000);
  });
  head.querySelector("p").append(copy);
}

// The issue form asks for the rule: it is one of those on this page.
function nameRules(report) {
  const ids = [...document.querySelectorAll(".rule-head > p > code")];
  if (!ids.length) return;
  const address = new URL(report.href);
  address.searchParams.set("rule", ids.map((id) => id.textContent).join(", "));
  report.href = address.href;
}

function enhance() {
  for (const formula of document.querySelectorAll("x-maths.display")) {
    if (!formula.nextElementSibling?.matches(".latex-source")) offerLatex(formula);
  }
  for (const head of document.querySelectorAll(".rule-head")) {
    if (!head.querySelector(".copy-page")) offerCode(head);
  }
  document.querySelectorAll(".report-error").forEach(nameRules);
}

// Material's own stream: fires at load and after each instant navigation.
document$.subscribe(enhance);
