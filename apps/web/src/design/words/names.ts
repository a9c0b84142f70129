const TITLE = /^(dr|mr|mrs|ms|miss|prof|sr|sra)\.?$/i;

/** Up to two letters for a face: first and last word of a name, titles left out. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/,.*$/, '')
    .split(/[\s-]+/)
    .filter((word) => word !== '' && !TITLE.test(word));
  const first = words[0] ?? name.trim();
  const last = words.length > 1 ? (words[words.length - 1] ?? '') : '';
  return (firstLetter(first) + firstLetter(last)).toLocaleUpperCase();
}

function firstLetter(word: string): string {
  return [...word][0] ?? '';
}

/** A stable number below `count` for an id, so that a face keeps its hue. */
export function hueOf(id: string, count: number): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % count;
}

/** The name to call somebody by in a line with little room: the first one, titles left out. */
export function shortName(name: string): string {
  const words = name.split(/\s+/).filter((word) => !TITLE.test(word));
  return words[0] ?? name;
}
