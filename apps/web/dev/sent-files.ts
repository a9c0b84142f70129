import type { OutgoingFile } from '@baton/client';

declare global {
  /** What the composer handed over last: for the test that photos are clean. */
  var sentFiles: readonly OutgoingFile[] | undefined;
}

export function rememberFiles(files: readonly OutgoingFile[]): void {
  globalThis.sentFiles = files;
}
