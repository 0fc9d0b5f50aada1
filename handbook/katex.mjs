// Typesets formulas for handbook/maths.py: one JSON request a line in, one JSON
// answer a line out, so that a whole build needs a single Node process.
import { createInterface } from "node:readline";
import katex from "katex";

for await (const line of createInterface({ input: process.stdin })) {
  const { formulas, macros } = JSON.parse(line);
  const answers = formulas.map(([tex, displayMode]) => {
    try {
      // A copy of the macros: \gdef in one formula must not reach the next.
      const options = { displayMode, macros: { ...macros }, strict: "error" };
      return { html: katex.renderToString(tex, options) };
    } catch (error) {
      return { error: error.message };
    }
  });
  process.stdout.write(JSON.stringify(answers) + "\n");
}
