/**
 * A text with new content between `<!-- name:begin -->` and `<!-- name:end -->`, and an empty line around it.
 * @throws Error where a marker is missing, or they are in the wrong order
 */
export function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The README needs the lines ${begin} and ${end}, in this order.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
