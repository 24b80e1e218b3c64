// The whole way: uploaded by the browser, accepted by the application, shown by the browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { HTML } from "../files.mjs";
import { test } from "../runner.mjs";

const PICTURES = { contentTypes: ["image/*"], maxLength: 1_000_000 };

// Uploads by PUT, as a picture whatever it is.
async function upload(context, content) {
  const { key, upload } = await context.ask("upload-url", { options: { contentType: "image/png" } });
  const { page } = await context.open();
  await page.evaluate(
    ([upload, bytes]) => putFile(upload, new File([new Uint8Array(bytes)], "cat.png")),
    [upload, [...content]],
  );
  return { key, page };
}

test("accept::a_picture", async (context) => {
  const { key, page } = await upload(context, readFileSync(context.files.picture));
  const accepted = await context.ask("accept", { key, name: "Meine Katze.png", options: PICTURES });
  assert.deepEqual(await context.ask("accept", { key, name: "Meine Katze.png", options: PICTURES }), accepted, "twice");
  assert.equal(await context.ask("uploaded", { key }), null, "it has been moved");
  const { url } = await context.ask("url", { key: accepted.key });
  const answer = await page.goto(url);
  assert.deepEqual([answer.status(), answer.headers()["content-type"]], [200, "image/png"]);
  assert.equal(await page.evaluate(() => document.images[0].naturalWidth), 320);
});

test("accept::what_only_says_that_it_is_one", async (context) => {
  const { key } = await upload(context, Buffer.from(HTML));
  assert.equal((await context.ask("uploaded", { key })).contentType, "image/png", "as was said");
  const { rejected } = await context.ask("accept", { key, name: "cat.png", options: PICTURES });
  assert.match(rejected, /text\/html/);
  assert.equal(await context.ask("uploaded", { key }), null, "it is deleted");
});
