import type { Baton, DutyRow, Owner } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { useLingui } from '@lingui/react';
import { useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { failureSentence } from '../../design/words/error-sentences.ts';

export type ItemState = 'waiting' | 'busy' | 'done' | { readonly failure: string };

export interface HandOver {
  readonly receiver: Owner | null;
  readonly setReceiver: (owner: Owner | null) => void;
  readonly note: string;
  readonly setNote: (note: string) => void;
  readonly notes: Readonly<Record<string, string>>;
  readonly setNoteOf: (id: string, note: string) => void;
  readonly left: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  /** Progress by item; empty before the start. */
  readonly states: Readonly<Record<string, ItemState>>;
  readonly running: boolean;
  readonly start: (items: {
    readonly batons: readonly Baton[];
    readonly roles: readonly DutyRow[];
  }) => Promise<void>;
}

/** One press hands over all that is ticked, one after the other; what fails says so and can be tried again. */
export function useHandOver(): HandOver {
  const { i18n } = useLingui();
  const session = useSession();
  const me = useLive(session.me).account;
  const [receiver, setReceiver] = useState<Owner | null>(null);
  const [note, setNote] = useState('');
  const [notes, setNotes] = useState<Readonly<Record<string, string>>>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [states, setStates] = useState<Readonly<Record<string, ItemState>>>({});
  const [running, setRunning] = useState(false);

  const put = (id: string, state: ItemState): void => setStates((old) => ({ ...old, [id]: state }));
  const attempt = async (id: string, work: () => Promise<void>): Promise<void> => {
    if (states[id] === 'done') return;
    put(id, 'busy');
    try {
      await work();
      put(id, 'done');
    } catch (error) {
      put(id, { failure: failureSentence(error, i18n) });
    }
  };
  return {
    receiver,
    setReceiver(owner) {
      setReceiver(owner);
      setStates({});
    },
    note,
    setNote,
    notes,
    setNoteOf: (id, text) => setNotes((old) => ({ ...old, [id]: text })),
    left,
    toggle: (id) =>
      setLeft((old) =>
        old.has(id) ? new Set([...old].filter((other) => other !== id)) : new Set([...old, id]),
      ),
    states,
    running,
    async start({ batons, roles }) {
      if (receiver === null || running) return;
      setRunning(true);
      for (const { id } of batons) {
        const words = [note.trim(), (notes[id] ?? '').trim()].filter((part) => part !== '').join('\n');
        await attempt(id, () => session.batons.handOver(id, receiver.id, words === '' ? null : words));
      }
      for (const { role } of roles) {
        await attempt(role.id, () =>
          session.duty.giveRole({
            role: role.id,
            to: receiver.id as AccountId,
            instead: me,
            until: null,
          }),
        );
      }
      setRunning(false);
    },
  };
}
