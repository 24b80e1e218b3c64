// Forms that a script sends, by the script of the guide.
import assert from "node:assert/strict";
import { TEXT } from "../files.mjs";
import { test } from "../runner.mjs";
import { corsOf } from "../watch.mjs";

const SMALL = { maxLength: TEXT.length, contentType: "image/png" };

// What `postForm` came to: status and body, or why not.
const post = (page, form, more = {}, content = TEXT) =>
  page.evaluate(async ([form, more, content]) => {
    const file = new File([content], "cat.png", { type: "text/html" });
    try {
      const answer = await postForm(form, file, more);
      return { status: answer.status, body: await answer.text() };
    } catch (error) {
      return { error: error.message };
    }
  }, [form, more, content]);

async function refused(context, options, { change = (form) => form, more, content, why }) {
  const { key, form } = await context.ask("upload-form", { options });
  const { page } = await context.open();
  const reason = why ?? new RegExp(`^not uploaded: ${context.otherwise.refusal}`);
  assert.match((await post(page, change(form), more, content)).error ?? "taken", reason);
  assert.equal(await context.ask("uploaded", { key }), null, "nothing is there");
}

test("post::is_stored", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { ...SMALL, metadata: { author: "Jürgen" } } });
  const { page, seen } = await context.open();
  assert.deepEqual(await post(page, form), { status: 204, body: "" });
  const stored = await context.ask("uploaded", { key });
  assert.deepEqual(stored, { size: TEXT.length, contentType: "image/png", metadata: { author: "Jürgen" } });
  assert.equal(seen.preflights.length, 0, "a form needs no preflight");
  console.log(`a form is answered with\n  ${corsOf(seen.answers[0].headers).join("\n  ")}`);
});

test("post::answers_201", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { ...SMALL, status: 201 } });
  const { page } = await context.open();
  const { status, body } = await post(page, form);
  assert.equal(status, 201);
  assert.match(body, new RegExp(`<Key>uploads/${key}</Key>`));
});

test("post::of_a_kind_of_type", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { contentTypePrefix: "image/" } });
  const { page } = await context.open();
  assert.equal((await post(page, form, { "Content-Type": "image/webp" })).status, 204);
  assert.equal((await context.ask("uploaded", { key })).contentType, "image/webp");
});

test("post::of_another_type", (context) =>
  refused(context, { contentTypePrefix: "image/" }, { more: { "Content-Type": "text/html" } }));

test("post::too_large", (context) =>
  refused(context, SMALL, { content: `${TEXT}!`, why: context.otherwise.tooLarge }));

test("post::with_an_altered_field", (context) =>
  refused(context, SMALL, {
    change: (form) => ({ ...form, fields: form.fields.map(([name, value]) => [name, name === "key" ? `${value}.html` : value]) }),
  }));

test("post::with_a_field_more", (context) => refused(context, SMALL, { more: { "x-amz-meta-note": "Eve" } }));

test("post::expired", (context) => refused(context, { ...SMALL, age: 700 }, {}));

test("post::redirect_is_for_forms_without_a_script", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: { ...SMALL, redirect: `${context.site.origin}/done` } });
  const { page } = await context.open();
  assert.match((await post(page, form)).error ?? "followed", /Failed to fetch/);
  assert.equal((await context.ask("uploaded", { key })).size, TEXT.length, "it is stored all the same");
});

test("post::from_another_origin", async (context) => {
  const { key, form } = await context.ask("upload-form", { options: SMALL });
  const { page } = await context.open(context.site.stranger);
  assert.match((await post(page, form)).error ?? "read", /Failed to fetch/, "the script learns nothing");
  // There is no preflight that could: who has the form may upload, from wherever.
  assert.equal((await context.ask("uploaded", { key })).size, TEXT.length, "CORS does not keep it away");
});
