// What a page sends to the store, the preflights among it, as the browser's own protocol tells it.
export async function watch(page, endpoint) {
  const session = await page.context().newCDPSession(page);
  const requests = new Map();
  const seen = { preflights: [], answers: [] };
  const ofStore = (url) => url.startsWith(endpoint);
  session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    if (ofStore(request.url)) requests.set(requestId, { method: request.method, asked: request.headers, type });
  });
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const request = requests.get(requestId);
    if (!request) return;
    const headers = lowerCase(response.headers);
    const answer = { ...request, status: response.status, headers, fromCache: Boolean(response.fromDiskCache) };
    (request.method === "OPTIONS" ? seen.preflights : seen.answers).push(answer);
  });
  session.on("Network.requestServedFromCache", ({ requestId }) => {
    const request = requests.get(requestId);
    if (request) seen.answers.push({ ...request, fromCache: true });
  });
  await session.send("Network.enable");
  return seen;
}

export function corsOf(headers) {
  const names = Object.keys(headers).filter((name) => name.startsWith("access-control-")).sort();
  return names.map((name) => `${name}: ${headers[name]}`);
}

function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
