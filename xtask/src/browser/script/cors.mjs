// How each server is told which pages may use it.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { curl } from "./curl.mjs";
import { otherwise } from "./otherwise.mjs";

// MinIO is told when it starts, by MINIO_API_CORS_ALLOW_ORIGIN, and knows no PutBucketCors. The others are told for each bucket.
export async function allowOrigin({ server, endpoint, accessKey, secretKey, folder }, origin, bucket) {
  const document = `${folder}/cors.xml`;
  const text = rules(origin);
  writeFileSync(document, text);
  // `?cors=`, not `?cors`: curl signs it as it stands, and the signature of an empty value has the equals sign.
  const signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", `${accessKey}:${secretKey}`];
  const headers = [
    "Content-Type: application/xml",
    `Content-MD5: ${createHash("md5").update(text).digest("base64")}`,
    // Older curls do not send it by themselves.
    `x-amz-content-sha256: ${createHash("sha256").update(text).digest("hex")}`,
  ];
  const answer = await curl(...signed, ...headers.flatMap((header) => ["-H", header]), "-T", document, `${endpoint}/${bucket}?cors=`);
  const expected = otherwise(server).takesCorsRules ? 200 : 501;
  console.log(`PutBucketCors is answered with ${answer.status}`);
  if (answer.status !== expected) throw new Error(`PutBucketCors: ${answer.status}, not ${expected}\n${answer.body}`);
}

function rules(origin) {
  const methods = ["GET", "HEAD", "PUT", "POST", "DELETE"].map((method) => `<AllowedMethod>${method}</AllowedMethod>`);
  return `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>
  <AllowedOrigin>${origin}</AllowedOrigin>
  ${methods.join("")}
  <AllowedHeader>*</AllowedHeader>
  <ExposeHeader>ETag</ExposeHeader>
  <MaxAgeSeconds>600</MaxAgeSeconds>
</CORSRule></CORSConfiguration>
`;
}
