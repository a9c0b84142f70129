/** What follows the # of a link. */
export function readFragment(): string {
  return location.hash.replace(/^#/, '');
}

/** Takes a secret out of the address bar and the browser's history. */
export function clearFragment(): void {
  history.replaceState(history.state, '', location.pathname + location.search);
}

export function takeFragment(): string {
  const fragment = readFragment();
  clearFragment();
  return fragment;
}
