// How each server is told which pages may use it.
import { writeFileSync } from "node:fs";
import { curl } from "./curl.mjs";

// MinIO is told when it starts, by MINIO_API_CORS_ALLOW_ORIGIN, and knows no PutBucketCors. SeaweedFS is told for each bucket.
export async function allowOrigin({ server, endpoint, accessKey, secretKey, folder }, origin) {
  const document = `${folder}/cors.xml`;
  writeFileSync(document, rules(origin));
  // `?cors=`, not `?cors`: curl signs it as it stands, and the signature of an empty value has the equals sign.
  const signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", `${accessKey}:${secretKey}`, "-H", "Content-Type: application/xml"];
  const answer = await curl(...signed, "-T", document, `${endpoint}/browser?cors=`);
  console.log(`PutBucketCors: ${answer.status}${server === "minio" ? ", as expected of MinIO" : ""}`);
  const expected = server === "minio" ? 501 : 200;
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
