import type { Ask, AskDefaults, Baton, Member } from '@baton/client';
import type { ConversationId, MessageId } from '@baton/kernel';
import { batons } from './batons.ts';
import { makeBaton, MINUTE } from './baton-model.ts';
import { duty } from './duty.ts';
import { ME } from './people.ts';

/** What the composer of a conversation offers. */
export function askingOf(conversation: ConversationId, members: readonly Member[]): AskDefaults {
  const policy = duty.policy.read();
  const others = members.filter(({ id, kind }) => id !== ME.id && kind !== 'agent');
  const owners = [
    ...others.filter(({ kind }) => kind === 'role'),
    ...others.filter(({ kind }) => kind !== 'role'),
  ];
  return {
    available: policy !== null,
    suggested: 'fyi',
    replyWithinMs: policy?.replyWithinMs ?? [],
    talkWithinMs: policy?.talkWithinMs ?? 0,
    statWithinMs: policy?.statWithinMs ?? 0,
    owners,
    answers: batons.owe.read().filter((baton) => baton.conversation === conversation),
  };
}

export function batonsForAsk(
  ask: Ask,
  {
    text,
    message,
    conversation,
  }: { readonly text: string; readonly message: MessageId; readonly conversation: ConversationId },
): readonly Baton[] {
  return ask.to.flatMap((id, index) => {
    const to = duty.owner(id);
    if (to === null) return [];
    return [
      makeBaton({
        contract: ask.contract,
        from: ME,
        to,
        agoMin: 0,
        withinMin: ask.withinMs / MINUTE,
        text,
        message,
        index,
        conversation,
        mine: 'waiting',
        ...(ask.callback === null ? {} : { callback: ask.callback }),
        ...(ask.patient === null ? {} : { patient: ask.patient }),
      }),
    ];
  });
}
