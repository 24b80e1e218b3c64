// Forms of plain HTML, as they are given out, without a script.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { test } from "../runner.mjs";

const PICTURE = { contentType: "image/png", maxLength: 1_000_000 };

// Chooses a file and presses the button. What the browser then shows is in `page`.
async function send(context, { html }, file = context.files.picture) {
  const { page, seen } = await context.open();
  await page.goto(context.site.pageWith(html));
  await page.setInputFiles("input[type=file]", file);
  await context.screenshot(page, "form-filled-in");
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByRole("button", { name: "Upload" }).click();
  const status = (await answered).status();
  return { page, seen, status };
}

async function refused(context, options, file, expected) {
  const asked = await context.ask("upload-form", { options });
  const { page, status } = await send(context, asked, file);
  assert.equal(status, expected);
  assert.equal(await context.ask("uploaded", { key: asked.key }), null, "nothing is there");
  await page.waitForURL(asked.form.url);
  return page;
}

test("form::redirects", async (context) => {
  const asked = await context.ask("upload-form", { options: { ...PICTURE, redirect: `${context.site.origin}/done` } });
  const { page, status } = await send(context, asked);
  await page.waitForURL(/\/done/);
  assert.equal(status, 303);
  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.get("bucket"), query.get("key")], ["browser", `uploads/${asked.key}`]);
  assert.match(query.get("etag"), /^"[0-9a-f]{32}"$/);
  const stored = await context.ask("uploaded", { key: asked.key });
  assert.deepEqual([stored.size, stored.contentType], [context.files.pictureBytes, "image/png"]);
  await context.screenshot(page, "form-redirected");
});

test("form::redirects_to_a_url_with_a_query", async (context) => {
  const asked = await context.ask("upload-form", { options: { ...PICTURE, redirect: `${context.site.origin}/done?from=form` } });
  const { page } = await send(context, asked);
  await page.waitForURL(/\/done/);
  const query = new URL(page.url()).searchParams;
  assert.equal(query.get("key"), `uploads/${asked.key}`);
  assert.equal(query.get("from"), context.otherwise.keepsQueryOfRedirect ? "form" : null);
});

test("form::answers_204", async (context) => {
  const asked = await context.ask("upload-form", { options: PICTURE });
  const { page, status } = await send(context, asked);
  assert.equal(status, 204);
  assert.match(page.url(), /\/forms\//, "the browser stays where it is");
  assert.equal((await context.ask("uploaded", { key: asked.key })).size, context.files.pictureBytes);
});

test("form::answers_200", async (context) => {
  const asked = await context.ask("upload-form", { options: { ...PICTURE, status: 200 } });
  const { status } = await send(context, asked);
  assert.equal(status, 200);
  assert.equal((await context.ask("uploaded", { key: asked.key })).size, context.files.pictureBytes);
});

test("form::to_the_name_of_the_file", async (context) => {
  const name = `${context.folder}/Übersicht & Plan.png`;
  copyFileSync(context.files.picture, name);
  const asked = await context.ask("upload-form", { below: true, options: PICTURE });
  const { status } = await send(context, asked, name);
  assert.equal(status, 204);
  const stored = await context.ask("uploaded", { key: `${asked.key}/Übersicht & Plan.png` });
  assert.equal(stored?.size, context.otherwise.namesFormsByFile ? context.files.pictureBytes : undefined);
});

test("form::too_large", async (context) => {
  const page = await refused(context, PICTURE, context.files.large, 400);
  assert.match(await page.content(), context.otherwise.tooLarge);
  await context.screenshot(page, "form-too-large");
});

test("form::without_the_type_that_a_script_would_add", (context) =>
  refused(context, { contentTypePrefix: "image/" }, context.files.picture, context.otherwise.refusal));

test("form::expired", async (context) => {
  const page = await refused(context, { ...PICTURE, age: 700 }, context.files.picture, context.otherwise.refusal);
  await context.screenshot(page, "form-expired");
});
