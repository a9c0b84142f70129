/** Lines of text below which header, log and composer no longer fit above each other. */
const LEAST_REM = 23;

/**
 * Marks the page while its window is short for its text: a phone at 200 %, an open keyboard. Then the page scrolls as one. A media query
 * would not see text that was made larger alone.
 */
export function markShortWindow(): void {
  const root = document.documentElement;
  const look = (): void => {
    const rem = Number.parseFloat(getComputedStyle(root).fontSize);
    root.toggleAttribute('data-short', innerHeight < LEAST_REM * rem);
  };
  look();
  addEventListener('resize', look);
  new ResizeObserver(look).observe(document.body);
}
