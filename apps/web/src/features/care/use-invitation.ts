import type { Care, CareThread, Chart, ChartPerson, NewInvitation } from '@baton/client';
import type { EventId } from '@baton/kernel';
import { phoneField, type Reach, type Relation } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { addressesHere, relationsHere } from './people-here.ts';

export type Way = 'text' | 'email' | 'hand';

export type InvitationForm = ReturnType<typeof useInvitation>;

export interface InvitationOf {
  readonly chart: Chart;
  /** The conversation that is open: this is where the invited one comes in. */
  readonly thread: CareThread;
  /** A lost phone or an invitation that came to nothing: the same person once more. */
  readonly again: ChartPerson | null;
}

/** Everything that an invitation is made of, while it is being typed. */
export function useInvitation({ chart, thread, again }: InvitationOf) {
  const { t } = useLingui();
  const { care } = useSession();
  const { reach } = chart;
  const { confidential } = thread;
  const relations = relationsHere(thread);
  const first = addressesHere(reach, thread);
  const hasSelf = chart.people.some(({ relation, state }) => relation === 'self' && state !== 'ended');
  const [relation, setRelation] = useState<Relation>(
    again?.relation ?? (hasSelf && !confidential ? 'family' : 'self'),
  );
  const [name, setName] = useState(again?.name ?? (relation === 'self' ? (reach?.name ?? '') : ''));
  const [way, setWay] = useState<Way>(first.text !== '' ? 'text' : first.email !== '' ? 'email' : 'hand');
  const [to, setTo] = useState<string>(first[way]);
  const [until, setUntil] = useState('');
  const [confirmed, setConfirmed] = useState('');
  const [agreed, setAgreed] = useState(false);
  const isProxy = relation !== 'self';
  const known = chart.consents.findLast(({ purpose, revoked }) => purpose === 'proxy' && revoked === null);
  const target = way === 'text' ? to.replaceAll(/[\s().-]/g, '') : to.trim();
  const isReachable =
    way === 'hand' || (way === 'text' ? phoneField.safeParse(target).success : target.includes('@'));
  return {
    relation,
    relations,
    name,
    setName,
    way,
    to,
    setTo,
    until,
    setUntil,
    confirmed,
    setConfirmed,
    agreed,
    setAgreed,
    hasConsent: known !== undefined,
    isComplete:
      name.trim() !== '' &&
      isReachable &&
      (!isProxy || known !== undefined || agreed) &&
      (again?.state !== 'joined' || confirmed.trim() !== ''),
    setRelation(text: string) {
      const chosen = relations.find((candidate) => candidate === text) ?? 'self';
      setRelation(chosen);
      setName(chosen === 'self' ? (reach?.name ?? '') : '');
    },
    setWay(text: string) {
      const chosen: Way = text === 'email' || text === 'hand' ? text : 'text';
      setWay(chosen);
      setTo(first[chosen]);
    },
    async make(): Promise<NewInvitation> {
      const consent = isProxy
        ? (known?.id ??
          (await giveProxy(care, chart.ref, t`${name.trim()} may read and write for the patient`)))
        : null;
      // A number that the patient gave for the link is where later messages are announced; of an adolescent's own nothing ever is.
      if (way === 'text' && !isProxy && !confidential)
        await care.changeReach(chart.ref, (before) => withNumber(before, target));
      const wish = {
        ref: chart.ref,
        relation,
        name: name.trim(),
        send: way,
        to: way === 'hand' ? null : target,
        until: until === '' ? null : Date.parse(`${until}T23:59:59`),
        consent,
        confidential,
      };
      if (again === null) return care.invite(wish);
      return care.reinvite({ ...wish, account: again.account, confirmed: confirmed.trim() });
    },
  };
}

function giveProxy(care: Care, ref: string, note: string): Promise<EventId> {
  return care.giveConsent({ ref, purpose: 'proxy', phone: null, how: 'in-person', warning: null, note });
}

function withNumber(reach: Reach, number: string): Reach {
  const others = reach.phones.filter((phone) => phone.number !== number);
  return {
    ...reach,
    channel: reach.channel === 'none' ? 'link' : reach.channel,
    phones: [{ number, use: 'mobile' as const }, ...others].slice(0, 6),
  };
}
