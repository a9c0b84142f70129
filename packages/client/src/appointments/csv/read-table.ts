// oxlint-disable-next-line typescript/triple-slash-reference -- an import would look for a module beside it
/// <reference path="./papaparse.d.ts" />
import papaparse from 'papaparse';
import { ClientError } from '../../failure.ts';

/** More lines than this are no week of a practice, and a slip in any case. */
const MAX_CSV_ROWS = 50_000;

export interface CsvTable {
  readonly columns: readonly string[];
  /** Cells by column, without the space around them. */
  readonly rows: readonly (readonly string[])[];
}

/** A file with a header line; null where there is none. RFC 4180, by comma, semicolon, tab or bar. Throws `request.invalid` for too many lines. */
export function readTable(text: string): CsvTable | null {
  const { data } = papaparse.parse(text.replace(/^\uFEFF/, ''), {
    header: false,
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t', '|'],
  });
  const [header, ...rows] = data;
  if (!header || header.length < 2 || header.some((cell) => /^\d+([.,:/-]\d+)*$/.test(cell.trim())))
    return null;
  if (rows.length > MAX_CSV_ROWS)
    throw new ClientError('request.invalid', 'csv', {
      sentence: `This file has more than ${MAX_CSV_ROWS} lines. Take it in parts.`,
    });
  return {
    columns: unlike(header.map((cell) => cell.trim())),
    rows: rows.map((row) => row.map((cell) => cell.trim())),
  };
}

/** Two columns of one name, or none, could not be told apart in a mapping. */
function unlike(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((column, index) => {
    const name = column === '' ? `Column ${index + 1}` : column;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
