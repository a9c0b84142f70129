import { after } from '../design/session/after.ts';

const MARK = 'baton.reloaded';
const SETTLED_MS = 10_000;

/**
 * A tab that stayed open over an update asks for parts that are gone. It loads the page again, once: drafts are stored, and the session
 * resumes by itself.
 */
export function reloadWhenOutdated(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (!reloadOnce()) return;
    event.preventDefault();
  });
  after(SETTLED_MS, () => sessionStorage.removeItem(MARK));
}

/** False when the page was loaded again a moment ago: then it is something else, and the fault is shown. */
function reloadOnce(): boolean {
  if (sessionStorage.getItem(MARK) !== null) return false;
  sessionStorage.setItem(MARK, '1');
  location.reload();
  return true;
}
