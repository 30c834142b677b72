// Makes src/views/icon/paths.ts: the drawings that the client uses, from the Lucide set, each as one path. Run it after
// adding a name: `npm install --no-save lucide-solid && node build/icons.mjs`. The set itself, with its 1,500 icons in
// 13,000 files, is not among what a build fetches.
import { readFileSync, writeFileSync } from "node:fs";

const names = `at-sign bell bell-off ban bold bookmark check check-check chevron-down chevron-right chevron-left circle-alert
circle-question-mark clock copy corner-up-right crown download ellipsis eye file forward hash house image info keyboard languages link
lock log-in log-out menu message-circle mic monitor moon palette paperclip pencil phone pin pin-off plus refresh-cw reply search
send settings shield shield-check face-slightly-smiling face-slightly-smiling-plus square-pen sun trash user user-minus user-plus user-x users volume-2
wifi-off x scroll-text folder mail-plus door-open arrow-down arrow-up arrow-left megaphone message-square wrench bot
circle-user grip-vertical contrast flag play pause at-sign heart sparkles leaf coffee dice-5 lightbulb key-round`
  .split(/\s+/).filter(Boolean);

const number = (text) => Number(text);
const circle = ({ cx, cy, r }) =>
  `M${number(cx) - number(r)} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
const rect = ({ x = 0, y = 0, width: w, height: h, rx, ry }) => {
  const r = number(rx ?? ry ?? 0);
  const [X, Y, W, H] = [x, y, w, h].map(number);
  return r === 0
    ? `M${X} ${Y}h${W}v${H}h${-W}z`
    : `M${X + r} ${Y}h${W - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${H - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - W}` +
      `a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - H}a${r} ${r} 0 0 1 ${r} ${-r}z`;
};
// A path that begins with a relative move, which is absolute there, and would not be behind another path.
const absolute = (d) =>
  d.replace(/^m\s*(-?(?:\d+\.?\d*|\.\d+))[\s,]*(-?(?:\d+\.?\d*|\.\d+))\s*(?=([-.\d])?)/, (_, x, y, more) => `M${x} ${y}${more ? "l" : ""}`);
const drawing = {
  path: ({ d }) => absolute(d),
  line: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`,
  circle,
  ellipse: ({ cx, cy, rx, ry }) => `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0`,
  rect,
  polyline: ({ points }) => `M${points}`,
  polygon: ({ points }) => `M${points}z`,
};

const lines = [...new Set(names)].sort().map((name) => {
  const source = readFileSync(new URL(`../node_modules/lucide-solid/dist/esm/icons/${name}.mjs`, import.meta.url), "utf8");
  const [, data] = source.match(/const __iconData = (\{[\s\S]*?\n\});/) ?? [];
  if (data === undefined) throw new Error(`${name} is no icon by itself`);
  const shapes = Function(`return ${data}`)().node;
  return `  ${JSON.stringify(name)}: ${JSON.stringify(shapes.map(([tag, at]) => drawing[tag](at)).join(""))},`;
});
writeFileSync(
  new URL("../src/views/icon/paths.ts", import.meta.url),
  `// Made by build/icons.mjs from Lucide (https://lucide.dev), ISC License, Copyright (c) Lucide Icons and Contributors.\n\n` +
    `export const paths = {\n${lines.join("\n")}\n} as const;\n`,
);
