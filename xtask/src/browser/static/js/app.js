// References of every kind that a module has.
import { ping } from "./circle/ping.js";
import { greeting } from "greeting";
import * as table from "./table.js";

const say = (text) => {
  const item = document.createElement("li");
  item.textContent = text;
  document.querySelector("ul").append(item);
};

say(greeting("statics"));
say(`a circle: ${ping(3)}`);
say(`a table: ${table.sum([1, 2, 3])}`);

const { lazy } = await import("./lazy.js");
say(lazy());

const picture = new Image();
picture.src = new URL("../img/stripes.png", import.meta.url);
picture.alt = "stripes";
await picture.decode();
document.querySelector(".card").append(picture);
say(`a picture of ${picture.naturalWidth} pixels`);
document.documentElement.dataset.ready = "yes";
