// Uploads by PUT, by the script of the guide.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { TEXT } from "../files.mjs";
import { test } from "../runner.mjs";
import { corsOf } from "../watch.mjs";

const OPTIONS = { contentType: "image/png", contentLength: TEXT.length, metadata: { author: "Jürgen" } };

// What `putFile` came to: an ETag, or why not.
const put = (page, upload, content = TEXT) =>
  page.evaluate(async ([upload, content]) => {
    const file = new File([content], "cat.png", { type: "text/plain" });
    return putFile(upload, file).catch((error) => error.message);
  }, [upload, content]);

async function refused(context, options, { change = (upload) => upload, content = TEXT, why = /^not uploaded: 40/ }) {
  const { key, upload } = await context.ask("upload-url", { options });
  const { page } = await context.open();
  assert.match(await put(page, change(upload), content), why);
  assert.equal(await context.ask("uploaded", { key }), null, "nothing is there");
}

test("put::is_stored", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: OPTIONS });
  const { page, seen } = await context.open();
  assert.match(await put(page, upload), /^"[0-9a-f]{32}"$/);
  const stored = await context.ask("uploaded", { key });
  assert.deepEqual(stored, { size: TEXT.length, contentType: "image/png", metadata: { author: "Jürgen" } });
  assert.equal(seen.preflights.length, 1);
  const [{ status, asked, headers }] = seen.preflights;
  const wanted = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"];
  console.log(`the preflight of a PUT asks\n  ${wanted.map((name) => `${name}: ${asked[name]}`).join("\n  ")}`);
  console.log(`and is answered with ${status}\n  ${corsOf(headers).join("\n  ")}`);
});

test("put::with_an_altered_header", (context) =>
  refused(context, OPTIONS, {
    change: (upload) => ({ ...upload, headers: { ...upload.headers, "content-type": "text/html" } }),
    why: /^not uploaded: 403/,
  }));

test("put::with_altered_metadata", (context) =>
  refused(context, OPTIONS, {
    change: (upload) => ({ ...upload, headers: { ...upload.headers, "x-amz-meta-author": "Eve" } }),
    why: /^not uploaded: 403/,
  }));

test("put::without_its_headers", (context) =>
  refused(context, OPTIONS, { change: (upload) => ({ ...upload, headers: {} }) }));

test("put::of_another_length", (context) => refused(context, OPTIONS, { content: `${TEXT}!` }));

test("put::of_other_bytes_than_were_promised", async (context) => {
  const options = { sha256: createHash("sha256").update(TEXT).digest("hex") };
  await refused(context, options, { content: TEXT.toUpperCase() });
  const { key, upload } = await context.ask("upload-url", { options });
  const { page } = await context.open();
  await put(page, upload);
  assert.equal((await context.ask("uploaded", { key })).size, TEXT.length, "those that were");
});

test("put::expired", (context) => {
  const why = new RegExp(`^not uploaded: ${context.otherwise.refusal}`);
  return refused(context, { ...OPTIONS, age: 700 }, { why });
});

test("put::from_another_origin", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: OPTIONS });
  const { page } = await context.open(context.site.stranger);
  assert.match(await put(page, upload), /Failed to fetch/);
  const stored = (await context.ask("uploaded", { key })) !== null;
  assert.equal(stored, !context.otherwise.asksRules, "the preflight keeps it away");
});
