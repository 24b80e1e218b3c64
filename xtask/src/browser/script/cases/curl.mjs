// The same by the command curl.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { TEXT } from "../files.mjs";
import { curl } from "../curl.mjs";
import { test } from "../runner.mjs";

async function urlOf({ ask, files }, options = {}) {
  const { key } = await ask("save", { name: "Übersicht & Plan.txt", file: files.text });
  return { key, ...(await ask("url", { key, options })) };
}

const put = ({ url, headers }, file) =>
  curl("-T", file, ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]), url);

const post = ({ url, fields }, file) =>
  curl(...fields.flatMap(([name, value]) => ["--form-string", `${name}=${value}`]), "-F", `file=@${file}`, url);

const nothingCame = async ({ ask }, key) => assert.equal(await ask("uploaded", { key }), null, "nothing is there");

const preflight = (url, origin) =>
  curl("-X", "OPTIONS", "-H", `Origin: ${origin}`, "-H", "Access-Control-Request-Method: PUT",
    "-H", "Access-Control-Request-Headers: content-type", url);

test("curl::get", async (context) => {
  const { url } = await urlOf(context);
  const { status, body } = await curl(url);
  assert.deepEqual([status, body], [200, TEXT]);
});

test("curl::get_of_a_range", async (context) => {
  const { url } = await urlOf(context);
  const { status, body } = await curl("-r", "5-9", url);
  assert.deepEqual([status, body], [206, TEXT.slice(5, 10)]);
});

test("curl::head", async (context) => {
  const { url } = await urlOf(context, { method: "HEAD" });
  const { status, headers } = await curl("-I", url);
  assert.deepEqual([status, headers["content-length"]], [200, "32"]);
});

test("curl::delete", async (context) => {
  const { key, url } = await urlOf(context, { method: "DELETE" });
  assert.equal((await curl("-X", "DELETE", url)).status, 204);
  assert.equal((await curl((await context.ask("url", { key })).url)).status, 404);
});

test("curl::download_name", async (context) => {
  const { url } = await urlOf(context, { downloadAs: "Übersicht.txt" });
  assert.match((await curl(url)).headers["content-disposition"], /filename\*=UTF-8''%C3%9Cbersicht\.txt/);
});

test("curl::another_method", async (context) => {
  const { url } = await urlOf(context);
  assert.equal((await curl("-X", "DELETE", url)).status, 403);
});

test("curl::expired", async (context) => {
  const { url } = await urlOf(context, { age: 700 });
  assert.equal((await curl(url)).status, context.otherwise.refusal);
});

test("curl::altered", async (context) => {
  const { url } = await urlOf(context);
  const other = (await urlOf(context)).url.split("?")[0];
  assert.equal((await curl(`${other}?${url.split("?")[1]}`)).status, 403, "another key");
  assert.equal((await curl(url.replace("X-Amz-Expires=600", "X-Amz-Expires=6000"))).status, 403, "another expiry");
});

test("curl::put", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: { contentType: "image/png", contentLength: 32 } });
  assert.equal((await put(upload, context.files.text)).status, 200);
  const stored = await context.ask("uploaded", { key });
  assert.deepEqual([stored.size, stored.contentType], [32, "image/png"]);
});

test("curl::put_with_an_altered_header", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: { contentType: "image/png" } });
  const headers = { ...upload.headers, "content-type": "text/html" };
  assert.equal((await put({ ...upload, headers }, context.files.text)).status, 403);
  await nothingCame(context, key);
});

test("curl::put_of_another_length", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: { contentLength: 31 } });
  assert.equal((await put(upload, context.files.text)).status, 403);
  await nothingCame(context, key);
});

test("curl::put_of_other_bytes_than_were_promised", async (context) => {
  const sha256 = createHash("sha256").update("other bytes").digest("hex");
  const { key, upload } = await context.ask("upload-url", { options: { sha256 } });
  assert.equal((await put(upload, context.files.text)).status, 400);
  await nothingCame(context, key);
});

test("curl::put_expired", async (context) => {
  const { key, upload } = await context.ask("upload-url", { options: { age: 700 } });
  assert.equal((await put(upload, context.files.text)).status, context.otherwise.refusal);
  await nothingCame(context, key);
});

test("curl::form", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { contentType: "text/plain", status: 201 } });
  const { status, body } = await post(form, context.files.text);
  assert.equal(status, 201);
  assert.match(body, new RegExp(key));
  assert.equal((await context.ask("uploaded", { key })).contentType, "text/plain");
});

test("curl::form_that_redirects", async (context) => {
  const { form } = await context.ask("upload-form", { options: { redirect: "https://example.org/done" } });
  const { status, headers } = await post(form, context.files.text);
  assert.equal(status, 303);
  assert.match(headers.location, /^https:\/\/example\.org\/done\?/);
});

test("curl::form_too_large", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { maxLength: 31 } });
  assert.equal((await post(form, context.files.text)).status, 400);
  await nothingCame(context, key);
});

test("curl::form_of_another_type", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { contentTypePrefix: "image/" } });
  const fields = [...form.fields, ["Content-Type", "text/html"]];
  assert.equal((await post({ ...form, fields }, context.files.text)).status, context.otherwise.refusal);
  await nothingCame(context, key);
});

test("curl::form_expired", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { age: 700 } });
  assert.equal((await post(form, context.files.text)).status, context.otherwise.refusal);
  await nothingCame(context, key);
});

test("curl::preflight", async (context) => {
  const { upload } = await context.ask("upload-url");
  const { headers } = await preflight(upload.url, context.site.origin);
  const { asksRules } = context.otherwise;
  assert.equal(headers["access-control-allow-origin"], asksRules ? context.site.origin : "*");
  assert.match(headers["access-control-allow-methods"], asksRules ? /\bPUT\b/ : /^\*$/);
});

test("curl::preflight_of_another_origin", async (context) => {
  const { upload } = await context.ask("upload-url");
  const { status, headers } = await preflight(upload.url, "https://example.org");
  const allowed = headers["access-control-allow-origin"];
  console.log(`the preflight of another origin is answered with ${status} and ${allowed ?? "no access-control-allow-origin"}`);
  assert.equal(allowed, context.otherwise.asksRules ? undefined : "*");
});
