import { sum } from "./table.js";

export const lazy = () => `loaded later: ${sum([10, 20])}`;
