/** The class of an error and the first place in its stack: nothing that an error's sentence might quote. */
export function placeOfCrash(words: string): string {
  const kind = /^(?:Uncaught )?([A-Za-z]{1,40}(?:Error|Refused))\b/m.exec(words)?.[1] ?? 'unknown';
  const place = /\bat .*?([\w-]+\/[\w-]+\/src\/[\w./-]+\.ts:\d+)/.exec(words)?.[1];
  return place === undefined ? kind : `${kind} in ${place}`;
}
