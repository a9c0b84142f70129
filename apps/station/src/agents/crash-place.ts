/** The class of an error, its code where it has one of the catalogue, and the first place in its stack: nothing that an error's sentence might quote. */
export function placeOfCrash(words: string): string {
  const kind = /^(?:Uncaught )?([A-Za-z]{1,40}(?:Error|Refused))\b/m.exec(words)?.[1] ?? 'unknown';
  const code = /^(?:Uncaught )?ClientError: ([a-z]{1,20}\.[a-z-]{1,40}) at /m.exec(words)?.[1];
  const place = /\bat .*?([\w-]+\/[\w-]+\/src\/[\w./-]+\.ts:\d+)/.exec(words)?.[1];
  return [kind, ...(code ? [code] : []), ...(place ? [`in ${place}`] : [])].join(' ');
}
