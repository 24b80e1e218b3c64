// The application behind the page: `examples/page_backend`, which is asked by lines of JSON.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export function startBackend(program) {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function ask(op, question = {}) {
    child.stdin.write(`${JSON.stringify({ op, ...question })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("the application has ended");
    const answer = JSON.parse(value);
    if (answer?.error) throw new Error(`${op}: ${answer.error}`);
    return answer;
  }

  return { ask, stop: () => child.stdin.end() };
}
