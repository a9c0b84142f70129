import { useEffect } from 'react';

let page = '';
let owed = 0;

function write(): void {
  const title = page === '' ? 'Baton' : `${page} · Baton`;
  document.title = owed === 0 ? title : `(${owed}) ${title}`;
}

/** The browser's title. It counts what is owed, never what is unread, and never names a patient. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    write();
  }, [title]);
}

/** The number before the title, for as long as the component is on the screen. */
export function useTitleCount(count: number): void {
  useEffect(() => {
    owed = count;
    write();
    return () => {
      owed = 0;
      write();
    };
  }, [count]);
}
