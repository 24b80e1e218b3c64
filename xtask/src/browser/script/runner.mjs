// Runs cases one after the other and says what came of them as Rust's own test runner does.
const cases = [];

export function test(name, run) {
  cases.push({ name, run });
}

export async function runAll(context, filter) {
  const chosen = cases.filter(({ name }) => name.includes(filter));
  const failures = [];
  console.log(`running ${chosen.length} tests`);
  for (const { name, run } of chosen) {
    try {
      await withLimit(run(context), 60);
      console.log(`test ${name} ... ok`);
    } catch (error) {
      failures.push({ name, error });
      console.log(`test ${name} ... FAILED`);
    } finally {
      await context.closePages();
    }
  }
  for (const { name, error } of failures) console.log(`\n---- ${name} ----\n${error.stack ?? error}`);
  const passed = chosen.length - failures.length;
  const word = failures.length === 0 ? "ok" : "FAILED";
  console.log(`\ntest result: ${word}. ${passed} passed; ${failures.length} failed; 0 ignored`);
  return failures.length === 0;
}

function withLimit(promise, seconds) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
