// The files that are uploaded.
import { writeFileSync } from "node:fs";

export const TEXT = "some bytes, which are 32 of them";
export const HTML = "<!doctype html><title>Active</title><h1>Active</h1><script>document.title = 'It ran'</script>";
const SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>document.title = 'It ran'</script></svg>";

// A picture is had by taking one.
export async function makeFiles(browser, folder) {
  const page = await browser.newPage({ viewport: { width: 320, height: 200 } });
  await page.setContent("<body style='background: teal; color: white; font: 60px sans-serif'>A cat");
  const picture = await page.screenshot({ path: `${folder}/cat.png` });
  await page.close();
  const file = (name, content) => {
    writeFileSync(`${folder}/${name}`, content);
    return `${folder}/${name}`;
  };
  return {
    picture: `${folder}/cat.png`,
    pictureBytes: picture.length,
    text: file("text.txt", TEXT),
    svg: file("drawing.svg", SVG),
    html: file("page.html", HTML),
    large: file("large.png", Buffer.concat([picture, Buffer.alloc(2_000_000)])),
  };
}
