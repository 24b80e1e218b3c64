// Signed URLs that the browser itself opens: what it shows, and what it saves under which name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../runner.mjs";

async function urlOf({ ask }, name, file, saving = {}, options = {}) {
  const { key } = await ask("save", { name, file, ...saving });
  return (await ask("url", { key, options })).url;
}

// Follows a link to it; the download that comes of that.
async function download(context, url) {
  const { page } = await context.open();
  const started = page.waitForEvent("download", { timeout: 10_000 });
  await page.evaluate((url) => location.assign(url), url);
  const result = await started;
  assert.equal(page.url(), `${context.site.origin}/`, "the browser stays where it is");
  assert.equal(await page.title(), "A page of the application", "nothing ran");
  return { name: result.suggestedFilename(), content: readFileSync(await result.path(), "utf8") };
}

test("show::a_picture_in_a_page", async (context) => {
  const url = await urlOf(context, "cat.png", context.files.picture);
  const { page } = await context.open();
  const width = await page.evaluate(async (url) => {
    const image = document.body.appendChild(new Image());
    image.src = url;
    await image.decode();
    return image.naturalWidth;
  }, url);
  assert.equal(width, 320);
  await context.screenshot(page, "picture-in-a-page");
});

test("show::a_picture_by_its_address", async (context) => {
  const url = await urlOf(context, "cat.png", context.files.picture);
  const { page } = await context.open();
  const answer = await page.goto(url);
  assert.deepEqual([answer.status(), answer.headers()["content-disposition"]], [200, undefined]);
  assert.equal(await page.evaluate(() => document.images[0].naturalWidth), 320);
  await context.screenshot(page, "picture-by-its-address");
});

test("show::html_is_saved_not_shown", async (context) => {
  const { name, content } = await download(context, await urlOf(context, "page.html", context.files.html));
  assert.match(name, /^page(_\w+)?\.html$/);
  assert.match(content, /<h1>Active/);
});

test("show::svg_is_saved_not_shown", async (context) => {
  const { name } = await download(context, await urlOf(context, "drawing.svg", context.files.svg));
  assert.match(name, /^drawing(_\w+)?\.svg$/);
});

test("show::html_is_shown_if_it_was_stored_so", async (context) => {
  const url = await urlOf(context, "page.html", context.files.html, { inline: true });
  const { page } = await context.open();
  await page.goto(url);
  assert.equal(await page.title(), "It ran");
});

test("show::a_picture_is_saved_under_a_name_of_any_language", async (context) => {
  for (const downloadAs of ["Übersicht „2026“ – 第一.png", "a b+c%20d;e=f'g.png"]) {
    const url = await urlOf(context, "cat.png", context.files.picture, {}, { downloadAs });
    assert.equal((await download(context, url)).name, downloadAs);
  }
});

test("show::a_name_with_quotes_and_slashes_stays_a_name", async (context) => {
  const downloadAs = '../"quoted"\\name\r\nSet-Cookie: a=b.png';
  const url = await urlOf(context, "cat.png", context.files.picture, {}, { downloadAs });
  const { name } = await download(context, url);
  console.log(`${JSON.stringify(downloadAs)} is saved as ${JSON.stringify(name)}`);
  assert.match(name, /name.*a=b\.png$/);
  assert.doesNotMatch(name, /[/\\"\r\n]|^\.\./);
});

test("show::another_type_than_was_stored", async (context) => {
  const url = await urlOf(context, "cat.png", context.files.picture, {}, { contentType: "text/plain" });
  const { page } = await context.open();
  assert.equal((await page.goto(url)).headers()["content-type"], "text/plain");
});

test("show::expired", async (context) => {
  const url = await urlOf(context, "cat.png", context.files.picture, {}, { age: 700 });
  const { page } = await context.open();
  assert.equal((await page.goto(url)).status(), context.otherwise.refusal);
  await context.screenshot(page, "expired");
});
