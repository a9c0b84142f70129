/** Lines of text below which header, log and composer no longer fit above each other. */
const LEAST_REM = 23;
/** The same in a window so narrow that each of them breaks into more lines: a phone of 390 by 844 at 200 %. */
const LEAST_NARROW_REM = 34;
const NARROW_REM = 16;

/**
 * Marks the page while its window is short for its text: a phone at 200 %, an open keyboard. Then the page scrolls as one. A media query
 * would not see text that was made larger alone.
 */
export function markShortWindow(): void {
  const root = document.documentElement;
  const look = (): void => {
    const rem = Number.parseFloat(getComputedStyle(root).fontSize);
    const least = innerWidth < NARROW_REM * rem ? LEAST_NARROW_REM : LEAST_REM;
    root.toggleAttribute('data-short', innerHeight < least * rem);
  };
  look();
  addEventListener('resize', look);
  new ResizeObserver(look).observe(document.body);
}
