/** What follows the # of the link; taken out of the address bar and the history with it. */
export function takeFragment(): string | null {
  const fragment = location.hash.replace(/^#/, '');
  if (fragment === '') return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
}
