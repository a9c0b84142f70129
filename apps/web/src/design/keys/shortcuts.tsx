import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { CHORD_MS, readPress } from './chords.ts';

type Handler = () => void;
interface Registry {
  /** The newest handler of a key wins: what lies on top answers. */
  add(keys: string, handler: Handler): () => void;
}

const RegistryContext = createContext<Registry>({ add: () => () => undefined });

/** Runs `handler` on these keys (`j`, `g i`, `mod+k`) while the component is on the screen. */
export function useShortcut(keys: string, handler: Handler, enabled = true): void {
  const registry = useContext(RegistryContext);
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    return registry.add(keys, () => latest.current());
  }, [registry, keys, enabled]);
}

export function ShortcutProvider({
  singleKeys,
  children,
}: {
  readonly singleKeys: boolean;
  readonly children: ReactNode;
}) {
  const handlers = useRef(new Map<string, Handler[]>());
  const registry = useMemo<Registry>(
    () => ({
      add(keys, handler) {
        const list = handlers.current.get(keys) ?? [];
        handlers.current.set(keys, [...list, handler]);
        return () => {
          const rest = (handlers.current.get(keys) ?? []).filter((other) => other !== handler);
          if (rest.length === 0) handlers.current.delete(keys);
          else handlers.current.set(keys, rest);
        };
      },
    }),
    [],
  );

  useEffect(() => {
    let pending: { readonly key: string; readonly atMs: number } | null = null;
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const open = pending !== null && event.timeStamp - pending.atMs < CHORD_MS ? pending.key : null;
      const step = readPress(event, {
        known: new Set(handlers.current.keys()),
        pending: open,
        typing: isTyping(event.target),
        singleKeys,
      });
      pending = step.pending === null ? null : { key: step.pending, atMs: event.timeStamp };
      if (step.fired === null) return;
      // A dialog owns the keyboard; only the palette's own key works through it.
      if (!step.fired.startsWith('mod+') && document.querySelector('[aria-modal="true"]') !== null) return;
      event.preventDefault();
      handlers.current.get(step.fired)?.at(-1)?.();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [singleKeys]);

  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  );
}
