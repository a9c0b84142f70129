import type { Ask, AskDefaults, Baton, Conversation, Owner, TimelineMessage } from '@baton/client';
import type { BatonId, OwnerId } from '@baton/kernel';
import type { Contract } from '@baton/wire';
import { useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';

/** As many as a message can name (docs/protocol/batons.md §1). */
export const MOST_OWNERS = 12;
const CALLBACK = 'callback';

export interface Asking {
  readonly defaults: AskDefaults;
  readonly contract: Contract;
  readonly setContract: (contract: Contract) => void;
  readonly owners: readonly Owner[];
  readonly setOwners: (owners: readonly Owner[]) => void;
  readonly withinMs: number;
  readonly setWithinMs: (ms: number) => void;
  readonly callback: string;
  readonly setCallback: (number: string) => void;
  readonly patient: string | null;
  readonly setPatient: (name: string | null) => void;
  /** Batons of mine here, and whether sending ends them. */
  readonly answers: readonly { readonly baton: Baton; readonly ticked: boolean }[];
  readonly tick: (id: BatonId, on: boolean) => void;
  /** A patient is asked nothing: what the practice owes is the other way round. */
  readonly toPatient: boolean;
  /** Nobody could call back: neither a unit asked nor the organisation has a number, and none is typed. */
  readonly needsCallback: boolean;
  /** Something is missing: nothing can be sent like this. */
  readonly incomplete: boolean;
  readonly outgoing: { readonly ask?: Ask; readonly answers?: readonly BatonId[] };
  /** After sending: the next message starts from what is suggested. */
  readonly reset: () => void;
}

interface Choice {
  readonly contract: Contract | null;
  readonly owners: readonly OwnerId[] | null;
  readonly withinMs: number | null;
  readonly callback: string | null;
  readonly patient: string | null;
  readonly ticks: Readonly<Record<string, boolean>>;
}
const NO_CHOICE: Choice = {
  contract: null,
  owners: null,
  withinMs: null,
  callback: null,
  patient: null,
  ticks: {},
};

/** What the next message asks of whom: what the person chose, and what is suggested where nothing was chosen. */
export function useAsk(
  conversation: Conversation,
  replyTo: TimelineMessage | null,
  everyRole: boolean,
): Asking {
  const session = useSession();
  const defaults = useLive(conversation.asking);
  const preferences = useLive(session.preferences);
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const change = (part: Partial<Choice>): void => setChoice((old) => ({ ...old, ...part }));

  const toPatient = useLive(conversation.summary).kind === 'patient';
  const asksBack = choice.contract !== null && choice.contract !== 'fyi';
  const answers = defaults.answers.map((baton) => ({
    baton,
    ticked:
      choice.ticks[baton.id] ??
      (toPatient || answersByDefault(baton, { all: defaults.answers, replyTo, asksBack })),
  }));
  const ticked = answers.filter((answer) => answer.ticked).map(({ baton }) => baton.id);
  const canAsk = !toPatient && defaults.available && defaults.owners.length > 0;
  const suggested = ticked.length > 0 ? 'fyi' : defaults.suggested;
  const contract = canAsk ? (choice.contract ?? suggested) : 'fyi';
  const owners = (choice.owners ?? suggestedOwners(defaults.owners, replyTo, everyRole))
    .map((id) => defaults.owners.find((owner) => owner.id === id) ?? session.duty.owner(id))
    .filter((owner) => owner !== null);
  const withinMs = withinOf(contract, defaults, choice.withinMs);
  const callback = choice.callback ?? preferences[CALLBACK] ?? '';
  const hasDefaultCallback = useHasCallback(owners);
  const needsCallback =
    (contract === 'stat' || contract === 'talk') && callback.trim() === '' && !hasDefaultCallback;
  const outgoingAsk: Ask | null =
    contract === 'fyi'
      ? null
      : {
          contract,
          to: owners.map(({ id }) => id),
          withinMs,
          callback: contract === 'reply' || callback.trim() === '' ? null : callback.trim(),
          patient: choice.patient,
        };
  return {
    defaults,
    contract,
    setContract: (chosen) => canAsk && change({ contract: chosen }),
    owners,
    setOwners: (chosen) => change({ owners: chosen.map(({ id }) => id) }),
    withinMs,
    setWithinMs: (ms) => change({ withinMs: ms }),
    callback,
    setCallback: (number) => change({ callback: number }),
    patient: choice.patient,
    setPatient: (name) => change({ patient: name }),
    answers,
    tick: (id, on) => change({ ticks: { ...choice.ticks, [id]: on } }),
    toPatient,
    needsCallback,
    incomplete: needsCallback || (contract !== 'fyi' && owners.length === 0),
    outgoing: {
      ...(outgoingAsk === null ? {} : { ask: outgoingAsk }),
      ...(ticked.length === 0 ? {} : { answers: ticked }),
    },
    reset() {
      // The number I am called back on is the same next time.
      if (choice.callback !== null && contract !== 'reply')
        session.setPreference(CALLBACK, choice.callback.trim()).catch(() => undefined);
      setChoice(NO_CHOICE);
    },
  };
}

/** Whether everybody asked has a number of their unit, or the organisation has one. */
function useHasCallback(owners: readonly Owner[]): boolean {
  const { duty } = useSession();
  const policy = useLive(duty.policy);
  const units = useLive(duty.units);
  if ((policy?.callback ?? '') !== '') return true;
  return (
    owners.length > 0 &&
    owners.every((owner) => {
      const unit = owner.kind === 'role' ? units.find(({ name }) => name === owner.unit) : undefined;
      return (unit?.callback ?? '') !== '';
    })
  );
}

/**
 * To a patient, one answer ends all that waits in the thread (docs/protocol/patients.md §5). Otherwise a message answers the one request that it quotes; without a quote the newest, unless it asks for something itself. Never several by
 * itself: each has its own end. What reached me and is somebody else's is ended by a word in the thread only where it is quoted; who cannot
 * see the thread writes to the sender for this very reason.
 */
function answersByDefault(
  baton: Baton,
  {
    all,
    replyTo,
    asksBack,
  }: {
    readonly all: readonly Baton[];
    readonly replyTo: TimelineMessage | null;
    readonly asksBack: boolean;
  },
): boolean {
  if (replyTo !== null) return baton.message === replyTo.id;
  if (baton.mine !== 'owe' && baton.conversation !== null) return false;
  return !asksBack && all.every((other) => other.openedAt < baton.openedAt || other === baton);
}

function suggestedOwners(
  owners: readonly Owner[],
  replyTo: TimelineMessage | null,
  everyRole: boolean,
): readonly OwnerId[] {
  const roles = owners.filter(({ kind }) => kind === 'role').slice(0, MOST_OWNERS);
  if (everyRole && roles.length > 0) return roles.map(({ id }) => id);
  const author = owners.find(({ id }) => id === replyTo?.author.id);
  const [first] = author === undefined ? owners : [author];
  return first === undefined ? [] : [first.id];
}

function withinOf(contract: Contract, defaults: AskDefaults, chosen: number | null): number {
  if (contract === 'talk') return defaults.talkWithinMs;
  if (contract === 'stat') return defaults.statWithinMs;
  return chosen ?? defaults.replyWithinMs[0] ?? 0;
}
