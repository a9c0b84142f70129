import { useLingui } from '@lingui/react/macro';
import { useCallback } from 'react';
import { failureSentence } from '../../design/words/error-sentences.ts';

/** What to tell of a file that could not be opened: above all, that the server's bytes are not what was sent, and in which way. */
export function useFileFailure(): (error: unknown, name: string) => string {
  const { t, i18n } = useLingui();
  return useCallback(
    (error, name) => {
      switch (placeOf(error)) {
        case 'file.cut_short':
          return t`The server did not hand over all of ${name}. Nothing of it was shown; tell your security officer.`;
        case 'file.altered':
          return t`What the server handed over as ${name} is not what was sent. Nothing of it was shown; tell your security officer.`;
        default:
          return failureSentence(error, i18n);
      }
    },
    [t, i18n],
  );
}

function placeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'at' in error ? String(error.at) : '';
}
