import { ping } from "./ping.js";

export const pong = (count) => (count === 0 ? "end" : `pong ${ping(count - 1)}`);
