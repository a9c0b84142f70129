import type { Bytes } from '@baton/kernel';
import { zipSync } from 'fflate';

export interface RecordFile {
  readonly path: string;
  readonly bytes: Bytes;
}

/** The earliest date that a ZIP can hold: the same files give the same bytes. */
const NO_DATE = '1980-01-02T00:00:00';

/** Stored, not compressed: what is inside can be read by anything, and photographs do not get smaller. */
export function zipRecord(files: readonly RecordFile[]): Bytes {
  return zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])), {
    level: 0,
    mtime: NO_DATE,
  });
}
