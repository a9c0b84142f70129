import { useEffect } from 'react';

/** The browser's title. It counts what is owed, never what is unread, and never names a patient. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Baton' : `${title} · Baton`;
  }, [title]);
}
