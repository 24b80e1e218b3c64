// Static files collected by the command `storage`, and pages that have them.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { allowOrigin } from "./cors.mjs";

const SOURCE = fileURLToPath(new URL("../static", import.meta.url));

// Makes a public bucket of that name and collects the site's files to it.
export async function collect(context, bucket, ...flags) {
  const { storage, endpoint, accessKey, secretKey, site } = context;
  const env = {
    MINIO_ENDPOINT: endpoint.replace("http://", ""),
    MINIO_USE_HTTPS: "false",
    MINIO_ACCESS_KEY: accessKey,
    MINIO_SECRET_KEY: secretKey,
    MINIO_PUBLIC_BUCKETS: bucket,
    MINIO_STATIC_FILES_BUCKET: bucket,
  };
  await run(storage, ["init", "--quiet"], env);
  await allowOrigin(context, site.origin, bucket);
  console.log(await run(storage, ["collect", SOURCE, "--quiet", ...flags], env));
}

function run(program, args, env) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error) reject(new Error(`storage ${args.join(" ")}: ${stderr}${stdout}${error.message}`));
      else resolve(stdout.trim());
    });
  });
}

// Opens a page that has the bucket's files, and gives it with all that went wrong in it and all answers to it.
export async function openPage(context, bucket) {
  const address = context.site.pageBy(async (request) => {
    const { html } = await context.ask("static-page", { bucket, acceptEncoding: request.headers["accept-encoding"] ?? "" });
    return html;
  });
  const page = await context.blank();
  const [faults, answers] = [[], []];
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}: ${request.failure()?.errorText}`));
  page.on("console", (message) => {
    if (message.type() !== "log") faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("response", (answer) => {
    answers.push({ url: answer.url(), status: answer.status(), headers: answer.headers() });
    if (answer.status() >= 400) faults.push(`${answer.status()}: ${answer.url()}`);
  });
  const answer = await page.goto(address, { waitUntil: "load" });
  if (!answer.ok()) throw new Error(`the page: ${await answer.text()}`);
  // The module has done all that it does.
  const ready = page.waitForSelector("html[data-ready]", { state: "attached", timeout: 10_000 });
  return { page, faults, answers, ready: ready.catch(() => Promise.reject(new Error(`it is not ready:\n${faults.join("\n")}`))) };
}
