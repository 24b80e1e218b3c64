// The command curl, as a shell script would use it.
import { execFile } from "node:child_process";

export function curl(...args) {
  return new Promise((resolve, reject) => {
    execFile("curl", ["-sS", "-i", ...args], { encoding: "utf8", maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`curl: ${stderr || error.message}`));
      else resolve(answer(stdout));
    });
  });
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
