/** A key press, as much of it as shortcuts look at. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export interface ChordStep {
  /** The shortcut that this press completes, for instance `j`, `g i` or `mod+k`. */
  readonly fired: string | null;
  /** First key of a chord that waits for its second. */
  readonly pending: string | null;
}

/** How long the second key of "G then I" may take. */
export const CHORD_MS = 1200;

/**
 * Reads one press. A single key is only a shortcut outside text fields and where single keys are switched on (WCAG 2.1.4); what is held with
 * Ctrl or Cmd works everywhere.
 */
export function readPress(
  press: Press,
  {
    known,
    pending,
    typing,
    singleKeys,
  }: {
    readonly known: ReadonlySet<string>;
    readonly pending: string | null;
    readonly typing: boolean;
    readonly singleKeys: boolean;
  },
): ChordStep {
  const key = press.key.toLowerCase();
  if (press.altKey) return { fired: null, pending: null };
  if (press.ctrlKey || press.metaKey) {
    const held = `mod+${key}`;
    return { fired: known.has(held) ? held : null, pending: null };
  }
  if (typing || !singleKeys) return { fired: null, pending: null };
  if (pending !== null) {
    const chord = `${pending} ${key}`;
    if (known.has(chord)) return { fired: chord, pending: null };
  }
  if (known.has(key)) return { fired: key, pending: null };
  const opensChord = [...known].some((shortcut) => shortcut.startsWith(`${key} `));
  return { fired: null, pending: opensChord ? key : null };
}
