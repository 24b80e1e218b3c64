// The page's own site. It is another origin than the store: `localhost` with a port of its own, and as a stranger `127.0.0.1` with the same.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const UPLOADS = readFileSync(new URL("./uploads.js", import.meta.url));
const html = (title, body) => `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>\n${body}`;

export async function startSite(port) {
  const forms = [];
  const pages = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://site");
    const send = (type, body) => response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (url.pathname === "/uploads.js") send("text/javascript", UPLOADS);
    else if (url.pathname === "/") send("text/html", html("A page of the application", ""));
    else if (url.pathname === "/done") send("text/html", html("Uploaded", `<p>${url.searchParams.get("key")}</p>`));
    else if (url.pathname.startsWith("/forms/")) send("text/html", html("Upload a file", forms[url.pathname.slice(7)]));
    else if (url.pathname.startsWith("/pages/")) answer(response, pages[url.pathname.slice(7)](request));
    else response.writeHead(404).end();
  });
  const answer = (response, page) =>
    page.then(
      (text) => response.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" }).end(text),
      (error) => response.writeHead(500, { "content-type": "text/plain" }).end(error.message),
    );
  await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    origin: `http://localhost:${port}`,
    stranger: `http://127.0.0.1:${port}`,
    // The address of a page with this form on it.
    pageWith: (form) => `http://localhost:${port}/forms/${forms.push(form) - 1}`,
    // The address of a page that is made of each request for it.
    pageBy: (make) => `http://localhost:${port}/pages/${pages.push(make) - 1}`,
    stop: () => server.close(),
  };
}
