import { useEffect, useRef } from 'preact/hooks';

// What lies over the page closes with the phone's own back button, topmost first.
const open: (() => void)[] = [];
/** Steps back that the page took by itself: their `popstate` closes nothing. */
let ownSteps = 0;

window.addEventListener('popstate', () => {
  if (ownSteps > 0) ownSteps -= 1;
  else open.pop()?.();
});

/** While the component is there, the back button calls `onBack` and leaves the page where it is. */
export function useBackButton(onBack: () => void): void {
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => {
    const close = (): void => latest.current();
    open.push(close);
    history.pushState({ over: open.length }, '');
    return () => {
      const at = open.indexOf(close);
      if (at < 0) return;
      open.splice(at, 1);
      ownSteps += 1;
      history.back();
    };
  }, []);
}
