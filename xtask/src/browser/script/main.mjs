// All that a browser and curl do with URLs and forms of ours, on one server. `cargo xtask browser` runs it and reads what it prints.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { startBackend } from "./backend.mjs";
import { allowOrigin } from "./cors.mjs";
import { makeFiles } from "./files.mjs";
import { otherwise } from "./otherwise.mjs";
import { runAll } from "./runner.mjs";
import { startSite } from "./site.mjs";
import { watch } from "./watch.mjs";
import "./cases/curl.mjs";
import "./cases/fetch.mjs";
import "./cases/put.mjs";
import "./cases/form.mjs";
import "./cases/post.mjs";
import "./cases/show.mjs";
import "./cases/accept.mjs";
import "./cases/statics.mjs";

const variable = (name) => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: cargo xtask browser sets it`);
  return value;
};

const target = {
  server: variable("STORAGE_TEST_SERVER"),
  endpoint: variable("STORAGE_TEST_ENDPOINT"),
  accessKey: variable("STORAGE_TEST_ACCESS_KEY"),
  secretKey: variable("STORAGE_TEST_SECRET_KEY"),
  folder: variable("BROWSER_OUTPUT"),
  storage: variable("BROWSER_STORAGE"),
};
mkdirSync(target.folder, { recursive: true });
const { chromium } = createRequire(`${variable("BROWSER_PLAYWRIGHT")}/`)("playwright-core");

const backend = startBackend(variable("BROWSER_BACKEND"));
const site = await startSite(Number(variable("BROWSER_SITE_PORT")));
// Until it answers, the bucket may not be there.
await backend.ask("uploaded", { key: "nothing" });
await allowOrigin(target, site.origin, "browser");
const browser = await chromium.launch({ executablePath: variable("BROWSER_CHROMIUM"), headless: true });
console.log(`Chromium ${browser.version()}`);

const pages = [];
const context = {
  ...target,
  otherwise: otherwise(target.server),
  files: await makeFiles(browser, target.folder),
  site,
  ask: backend.ask,
  // A page of a browser that knows nothing yet.
  async blank() {
    const visitor = await browser.newContext({ acceptDownloads: true });
    pages.push(visitor);
    return visitor.newPage();
  },
  // A fresh page of that origin, with `putFile` and `postForm` of uploads.js, and what it sends to the store.
  async open(origin = site.origin) {
    const page = await this.blank();
    const seen = await watch(page, target.endpoint);
    await page.goto(`${origin}/`);
    await page.evaluate(async () => Object.assign(window, await import("/uploads.js")));
    return { page, seen };
  },
  screenshot: (page, name) => page.screenshot({ path: `${target.folder}/${name}.png` }),
  async closePages() {
    await Promise.all(pages.splice(0).map((visitor) => visitor.close()));
  },
};

let succeeded = false;
try {
  succeeded = await runAll(context, process.argv[2] ?? "");
} finally {
  await browser.close();
  site.stop();
  backend.stop();
}
process.exitCode = succeeded ? 0 : 1;
