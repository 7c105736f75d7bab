/** Lines over a logarithmic axis. */
export interface Chart {
  readonly title: string;
  /** Each at its place on the axis, with its label. */
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

const WIDTH = 460;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 40;
const BOTTOM = 40;
const GRID_LINES = 5;
const LEGEND_ROW = 18;

/** Told apart by people who see colours differently, on light and on dark ground (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];

/** Charts side by side that share their lines, with one legend below. */
export function chartsSvg(charts: readonly Chart[]): string {
  const names = charts[0]?.lines.map(({ name }) => name) ?? [];
  const [width, height] = [WIDTH * charts.length, HEIGHT + LEGEND_ROW * (names.length + 1)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...charts.map((chart, index) => `<g transform="translate(${index * WIDTH} 0)">\n${chartGroup(chart)}\n</g>`),
    ...names.map(legendEntry),
    '</svg>',
    '',
  ].join('\n');
}

function legendEntry(name: string, index: number): string {
  const y = HEIGHT + LEGEND_ROW * (index + 0.5);
  return [
    `<path d="M${LEFT} ${y}h28" stroke="${colour(index)}" stroke-width="2"/>`,
    `<text x="${LEFT + 36}" y="${y + 4}">${escaped(name)}</text>`,
  ].join('\n');
}

function chartGroup({ title, ticks, lines }: Chart): string {
  const top = ceiling(Math.max(...lines.flatMap(({ points }) => points.map(([, y]) => y))));
  const [low = 1, high = 10] = [ticks[0]?.x, ticks.at(-1)?.x];
  const x = (value: number) =>
    round(LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(value / low)) / (Math.log(high / low) || 1));
  const y = (value: number) => round(HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top);
  const levels = Array.from({ length: GRID_LINES + 1 }, (_, index) => (top * index) / GRID_LINES);
  return [
    `<text x="${LEFT}" y="20" font-weight="bold">${escaped(title)}</text>`,
    ...levels.flatMap((level) => [
      `<path d="M${LEFT} ${y(level)}H${WIDTH - RIGHT}" stroke="#dddddd"/>`,
      `<text x="${LEFT - 6}" y="${y(level) + 4}" text-anchor="end">${round(level)}</text>`,
    ]),
    ...ticks.map(
      ({ x: at, label }) =>
        `<text x="${x(at)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${escaped(label)}</text>`,
    ),
    ...lines.flatMap(({ points }, index) => [
      `<polyline points="${points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ')}" fill="none" stroke="${colour(index)}" stroke-width="2"/>`,
      ...points.map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${colour(index)}"/>`),
    ]),
  ].join('\n');
}

/** The next round number: 1, 2, 2.5 or 5 times a power of ten. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const colour = (index: number) => COLOURS[index % COLOURS.length] ?? '#000000';
const round = (value: number) => Number(value.toFixed(2));
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
