import type { CareThread, Chart, ChartPerson, NewInvitation } from '@baton/client';
import type { EventId } from '@baton/kernel';
import { type Consent, phoneField, type Reach, type Relation } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { addressesHere, relationsHere } from './people-here.ts';
import { dayOf, endOfDay, findProxyConsent } from './proxy-rights.ts';
import { otherNumbers } from './text-numbers.ts';

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
  const first = addressesHere(chart, thread);
  const hasSelf = chart.people.some(({ relation, state }) => relation === 'self' && state !== 'ended');
  const [relation, setRelation] = useState<Relation>(
    again?.relation ?? (hasSelf && !confidential ? 'family' : 'self'),
  );
  const [name, setName] = useState(again?.name ?? (relation === 'self' ? (reach?.name ?? '') : ''));
  const [way, setWay] = useState<Way>(first.text !== '' ? 'text' : first.email !== '' ? 'email' : 'hand');
  const [to, setTo] = useState<string>(first[way]);
  const [until, setUntil] = useState(again?.until == null ? '' : dayOf(again.until));
  const [confirmed, setConfirmed] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [how, setHow] = useState<Consent['given']['how']>('in-person');
  // Recorded by a try that failed afterwards: the next one goes on with it.
  const [recorded, setRecorded] = useState<EventId | null>(null);
  const isProxy = relation !== 'self';
  const known = again === null ? null : findProxyConsent(chart, again.account);
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
    /** On file, and not known to take texts. */
    landlines: confidential || chart.textNumber !== null ? [] : otherNumbers(chart),
    until,
    setUntil,
    confirmed,
    setConfirmed,
    agreed,
    setAgreed,
    how,
    setHow,
    hasConsent: known !== null,
    isComplete:
      name.trim() !== '' &&
      isReachable &&
      (!isProxy || known !== null || agreed) &&
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
      const record = async (): Promise<EventId> => {
        const note = t`${name.trim()} may read and write for the patient`;
        const given = { ref: chart.ref, purpose: 'proxy', phone: null, how, warning: null, note } as const;
        const id = await care.giveConsent(given);
        setRecorded(id);
        return id;
      };
      const consent = isProxy ? (known ?? recorded ?? (await record())) : null;
      // A number that the patient gave for the link is where later messages are announced; of an adolescent's own nothing ever is.
      if (way === 'text' && !isProxy && !confidential)
        await care.changeReach(chart.ref, (before) => withNumber(before, target));
      const wish = {
        ref: chart.ref,
        relation,
        name: name.trim(),
        send: way,
        to: way === 'hand' ? null : target,
        until: endOfDay(until, again?.until ?? null),
        consent,
        confidential,
      };
      if (again === null) return care.invite(wish);
      return care.reinvite({ ...wish, account: again.account, confirmed: confirmed.trim() });
    },
  };
}

function withNumber(reach: Reach, number: string): Reach {
  const others = reach.phones.filter((phone) => phone.number !== number);
  return {
    ...reach,
    channel: reach.channel === 'none' ? 'link' : reach.channel,
    phones: [{ number, use: 'mobile' as const }, ...others].slice(0, 6),
  };
}
