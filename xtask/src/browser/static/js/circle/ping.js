// Two modules that need each other.
import { pong } from "./pong.js";

export const ping = (count) => (count === 0 ? "end" : `ping ${pong(count - 1)}`);
