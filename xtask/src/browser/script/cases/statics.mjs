// Static files under names with a fingerprint, in a page: all are found, all are what the page says that they are.
import assert from "node:assert/strict";
import { signedDelete, signedPut } from "../curl.mjs";
import { test } from "../runner.mjs";
import { collect, openPage } from "../statics.mjs";

// Chromium warns of preloads that nothing has used some seconds after the page was loaded.
const UNTIL_WARNED = 4_000;

const LINES = [
  "hello, statics",
  "a circle: ping pong ping end",
  "a table: 6",
  "loaded later: 30",
  "a picture of 64 pixels",
];

const ofStore = ({ endpoint }, answers) => answers.filter(({ url }) => url.startsWith(endpoint));

async function shows({ page, ready }) {
  await ready;
  assert.deepEqual(await page.locator("li").allTextContents(), LINES);
  const looks = await page.evaluate(async () => {
    await document.fonts.ready;
    const style = (selector) => getComputedStyle(document.querySelector(selector));
    return {
      font: document.fonts.check('16px "Blocks"') && [...document.fonts].map(({ status }) => status).join(),
      imported: style("body").backgroundColor,
      importedBelow: style(".card").borderTopColor,
    };
  });
  assert.deepEqual(looks, { font: "loaded", imported: "rgb(253, 248, 236)", importedBelow: "rgb(0, 128, 128)" });
}

test("statics::a_page_has_all_its_files", async (context) => {
  await collect(context, "statics-plain");
  const opened = await openPage(context, "statics-plain");
  const { page, faults, answers } = opened;
  await shows(opened);
  await context.screenshot(page, "statics");
  await page.waitForTimeout(UNTIL_WARNED);
  assert.deepEqual(faults, []);
  const seen = ofStore(context, answers);
  assert.ok(seen.length >= 12, `${seen.length} files`);
  assert.deepEqual(
    seen.map(({ url }) => url).filter((url) => url.includes("/font/")).map((url) => url.split("?")[1]),
    ["v=4.7.0"],
    "what was preloaded is what the style sheet asks for",
  );
  for (const { url, headers } of seen) {
    assert.match(url, /\.[0-9a-f]{12}\.\w+(\?v=[\d.]+)?$/);
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable", url);
  }
});

test("statics::compressed_files_are_what_the_page_says", async (context) => {
  await collect(context, "statics-compressed", "--compress", "br,gzip");
  const opened = await openPage(context, "statics-compressed");
  const { page, faults, answers } = opened;
  await shows(opened);
  await context.screenshot(page, "statics-compressed");
  await page.waitForTimeout(UNTIL_WARNED);
  assert.deepEqual(faults, []);
  const seen = ofStore(context, answers);
  const compressed = seen.filter(({ headers }) => headers["content-encoding"]);
  console.log(compressed.map(({ url, headers }) => `${headers["content-encoding"]} ${headers["content-length"]} ${url}`).join("\n"));
  // The style sheet, the module that the page names, and its icon.
  for (const name of ["css/site", "js/app", "img/logo"]) {
    assert.ok(compressed.some(({ url }) => url.includes(name)), `${name} is compressed`);
  }
  for (const { url, headers } of compressed) {
    const extension = { br: "br", gzip: "gz" }[headers["content-encoding"]];
    assert.ok(url.endsWith(`.${extension}`), url);
  }
});

test("statics::a_file_that_was_tampered_with_is_refused", async (context) => {
  await collect(context, "statics-tampered");
  const whole = await openPage(context, "statics-tampered");
  await whole.ready;
  const script = ofStore(context, whole.answers).find(({ url }) => url.includes("/js/app."));
  await signedPut(context, script.url, "document.title = 'Tampered'", "text/javascript");

  const { page, faults, ready } = await openPage(context, "statics-tampered");
  await assert.rejects(ready, /it is not ready/);
  assert.equal(await page.title(), "Static files", "it did not run");
  const errors = faults.filter((fault) => fault.startsWith("error"));
  assert.equal(errors.length, 1, errors.join("\n"));
  assert.match(errors[0], /Failed to find a valid digest in the 'integrity' attribute/);
});

test("statics::a_file_that_is_gone_is_seen", async (context) => {
  await collect(context, "statics-gone");
  const whole = await openPage(context, "statics-gone");
  await whole.ready;
  const picture = ofStore(context, whole.answers).find(({ url }) => url.includes("/img/stripes."));
  await signedDelete(context, picture.url);
  const { faults, ready } = await openPage(context, "statics-gone");
  await assert.rejects(ready, /it is not ready/);
  assert.ok(faults.some((fault) => fault.startsWith(`failed: ${picture.url}: `)), faults.join("\n"));
});
