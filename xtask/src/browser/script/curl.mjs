// The command curl, as a shell script would use it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";

export function curl(...args) {
  return new Promise((resolve, reject) => {
    execFile("curl", ["-sS", "-i", ...args], { encoding: "utf8", maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`curl: ${stderr || error.message}`));
      else resolve(answer(stdout));
    });
  });
}

// Stores an object as one does who has the keys, whatever is there.
export const signedPut = (server, url, body, type) =>
  signed(server, url, body, "-X", "PUT", "-H", `Content-Type: ${type}`, "--data-binary", body);

export const signedDelete = (server, url) => signed(server, url, "", "-X", "DELETE");

async function signed({ accessKey, secretKey }, url, body, ...args) {
  const signing = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", `${accessKey}:${secretKey}`];
  // Older curls do not send it by themselves.
  const digest = ["-H", `x-amz-content-sha256: ${createHash("sha256").update(body).digest("hex")}`];
  const answer = await curl(...signing, ...digest, ...args, url);
  if (answer.status >= 300) throw new Error(`${url}: ${answer.status}\n${answer.body}`);
}

// The last answer: `100 Continue` may stand before it.
function answer(text) {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine, ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  if (status === 100) return answer(text.slice(end + 4));
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status, headers, body: text.slice(end + 4) };
}
