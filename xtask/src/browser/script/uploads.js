// `upload` is what the application answered: {"method": "PUT", "url": "…", "headers": {…}}.
export async function putFile(upload, file) {
  const answer = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: file });
  if (!answer.ok) throw new Error(`not uploaded: ${answer.status} ${await answer.text()}`);
  return answer.headers.get("etag");
}

// `form` is what the application answered: {"method": "POST", "url": "…", "fields": [["key", "…"], …]}. More fields are those that
// it left to the page, such as {"Content-Type": file.type} where any type that begins with "image/" is taken.
export async function postForm(form, file, more = {}) {
  const body = new FormData();
  for (const [name, value] of [...form.fields, ...Object.entries(more)]) body.append(name, value);
  body.append("file", file); // the last one: a server reads no field behind it
  const answer = await fetch(form.url, { method: form.method, body });
  if (!answer.ok) throw new Error(`not uploaded: ${answer.status} ${await answer.text()}`);
  return answer;
}
