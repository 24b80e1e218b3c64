// What each server does otherwise than the others, as it was seen.
export function otherwise(server) {
  return {
    // How it refuses what has expired, and a form whose conditions do not hold.
    refusal: server === "garage" ? 400 : 403,
    tooLarge: server === "garage" ? /File size does not match policy/ : /EntityTooLarge/,
    // MinIO is told which origins may when it starts.
    takesCorsRules: server !== "minio",
    // Garage lets every origin in when it is asked, and follows the rules only when it answers.
    asksRules: server !== "garage",
    // VersityGW refuses without a word to scripts.
    explainsRefusals: server !== "versitygw",
    namesFormsByFile: server !== "versitygw",
    keepsQueryOfRedirect: server !== "seaweedfs",
  };
}
