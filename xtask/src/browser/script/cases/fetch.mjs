// Signed URLs in a script of a page.
import assert from "node:assert/strict";
import { TEXT } from "../files.mjs";
import { test } from "../runner.mjs";
import { corsOf } from "../watch.mjs";

const urlOf = async ({ ask, files }, options = {}, saving = {}) => {
  const { key } = await ask("save", { name: "text.txt", file: files.text, ...saving });
  return { key, ...(await ask("url", { key, options })) };
};

const get = (page, url, method = "GET") =>
  page.evaluate(async ([url, method]) => {
    const answer = await fetch(url, { method });
    return { status: answer.status, etag: answer.headers.get("etag"), text: await answer.text() };
  }, [url, method]);

async function refused(context, page, url, status, method) {
  const answer = get(page, url, method);
  if (context.otherwise.explainsRefusals) assert.equal((await answer).status, status);
  else await assert.rejects(answer, /Failed to fetch/);
}

const altered = (url) => url.replace(/.$/, (last) => (last === "0" ? "1" : "0"));

test("fetch::get", async (context) => {
  const { url } = await urlOf(context);
  const { page, seen } = await context.open();
  const answer = await get(page, url);
  assert.deepEqual([answer.status, answer.text], [200, TEXT]);
  assert.match(answer.etag, /^"[0-9a-f]{32}"$/, "the script can read the ETag");
  assert.equal(seen.preflights.length, 0, "a plain GET needs no preflight");
  console.log(`a GET is answered with\n  ${corsOf(seen.answers[0].headers).join("\n  ")}`);
});

test("fetch::head", async (context) => {
  const { url } = await urlOf(context, { method: "HEAD" });
  const { page, seen } = await context.open();
  const answer = await get(page, url, "HEAD");
  assert.deepEqual([answer.status, answer.text], [200, ""]);
  assert.equal(seen.preflights.length, 0, "a HEAD needs no preflight");
});

test("fetch::head_by_a_url_for_get", async (context) => {
  const { url } = await urlOf(context);
  const { page } = await context.open();
  await refused(context, page, url, 403, "HEAD");
});

test("fetch::delete", async (context) => {
  const { key, url } = await urlOf(context, { method: "DELETE" });
  const { page, seen } = await context.open();
  assert.equal((await get(page, url, "DELETE")).status, 204);
  assert.equal(seen.preflights.length, 1, "a DELETE needs a preflight");
  const { url: reading } = await context.ask("url", { key });
  assert.equal((await get(page, reading)).status, 404);
});

test("fetch::expired", async (context) => {
  const { url } = await urlOf(context, { age: 700 });
  const { page } = await context.open();
  await refused(context, page, url, context.otherwise.refusal);
});

test("fetch::altered", async (context) => {
  const { url } = await urlOf(context);
  const { page } = await context.open();
  await refused(context, page, altered(url), 403);
  assert.equal((await get(page, url)).status, 200, "the right one");
});

test("fetch::from_another_origin", async (context) => {
  const { url } = await urlOf(context);
  const { page } = await context.open(context.site.stranger);
  await assert.rejects(get(page, url), /Failed to fetch/);
});

test("fetch::a_stable_url_is_served_from_the_cache", async (context) => {
  const { key, url } = await urlOf(context, { stableFor: 86_400 }, { cacheControl: "private, max-age=3600" });
  const { page, seen } = await context.open();
  await get(page, url);
  // Another second, another signature, but for the rounding.
  await page.waitForTimeout(1_100);
  const { url: again } = await context.ask("url", { key, options: { stableFor: 86_400 } });
  assert.equal(again, url);
  assert.equal((await get(page, again)).text, TEXT);
  assert.deepEqual(seen.answers.map(({ fromCache }) => fromCache), [false, true]);
});

test("fetch::a_url_of_another_second_is_not", async (context) => {
  const { key, url } = await urlOf(context, {}, { cacheControl: "private, max-age=3600" });
  const { page, seen } = await context.open();
  await get(page, url);
  await page.waitForTimeout(1_100);
  const { url: again } = await context.ask("url", { key });
  assert.notEqual(again, url);
  assert.equal((await get(page, again)).text, TEXT);
  assert.deepEqual(seen.answers.map(({ fromCache }) => fromCache), [false, false]);
});
