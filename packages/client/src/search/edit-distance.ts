/**
 * Whether two words are at most `most` edits apart, a swap of two neighbours counting as one (optimal string alignment). Answers the number of edits,
 * or null where there are more. Stops as soon as that is certain.
 */
export function editsBetween(a: string, b: string, most: number): number | null {
  if (Math.abs(a.length - b.length) > most) return null;
  if (a === b) return 0;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      let edits = Math.min(
        (above[column] as number) + 1,
        (line[column - 1] as number) + 1,
        (above[column - 1] as number) + (same ? 0 : 1),
      );
      const isSwap =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1);
      if (isSwap) edits = Math.min(edits, (before[column - 2] as number) + 1);
      line.push(edits);
      least = Math.min(least, edits);
    }
    if (least > most) return null;
    [before, above] = [above, line];
  }
  const edits = above[b.length] as number;
  return edits <= most ? edits : null;
}
