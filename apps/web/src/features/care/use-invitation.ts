import type { Care, CareThread, Chart, ChartPerson, KnownWriter, NewInvitation } from '@baton/client';
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
export function useInvitation(of: InvitationOf) {
  const { chart, thread, again } = of;
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
  const [typedName, setTypedName] = useState(again?.name ?? (relation === 'self' ? (reach?.name ?? '') : ''));
  const [way, setWay] = useState<Way>(first.text !== '' ? 'text' : first.email !== '' ? 'email' : 'hand');
  const [to, setTo] = useState<string>(first[way]);
  const endsAt = again?.until ?? null;
  const [until, setUntil] = useState(endsAt === null ? '' : dayOf(endsAt));
  const [confirmed, setConfirmed] = useState('');
  const proxy = useProxyConsent(of);
  const writer = useWriter(relation !== 'self' && again === null);
  const name = writer.isKnown ? (writer.chosen?.name ?? '') : typedName;
  const isProxy = relation !== 'self';
  const target = way === 'text' ? to.replaceAll(/[\s().-]/g, '') : to.trim();
  const isReachable =
    way === 'hand' || (way === 'text' ? phoneField.safeParse(target).success : target.includes('@'));
  return {
    relation,
    relations,
    name,
    setName: setTypedName,
    way,
    to,
    setTo,
    /** On file, and not known to take texts. */
    landlines: confidential || chart.textNumber !== null ? [] : otherNumbers(chart),
    until,
    setUntil,
    confirmed,
    setConfirmed,
    proxy,
    writer,
    isComplete:
      name.trim() !== '' &&
      (writer.isKnown || isReachable) &&
      (!isProxy || proxy.hasConsent || proxy.agreed) &&
      (again?.state !== 'joined' || confirmed.trim() !== ''),
    setRelation(text: string) {
      const chosen = relations.find((candidate) => candidate === text) ?? 'self';
      setRelation(chosen);
      setTypedName(chosen === 'self' ? (reach?.name ?? '') : '');
    },
    setWay(text: string) {
      const chosen: Way = text === 'email' || text === 'hand' ? text : 'text';
      setWay(chosen);
      setTo(first[chosen]);
    },
    /** null: somebody was let in who needs no link. */
    async make(): Promise<NewInvitation | null> {
      const who = name.trim();
      const consent = isProxy ? await proxy.record(who, t`${who} may read and write for the patient`) : null;
      const rights = { ref: chart.ref, relation, name: who, consent, confidential } as const;
      const wish = { ...rights, until: endOfDay(until, endsAt) };
      if (writer.isKnown && writer.chosen !== null) {
        await care.addPerson({ ...wish, account: writer.chosen.account });
        return null;
      }
      // A number that the patient gave for the link is where later messages are announced; of an adolescent's own nothing ever is.
      if (way === 'text' && !isProxy && !confidential) await keepNumber(care, chart.ref, target);
      const link = { ...wish, send: way, to: way === 'hand' ? null : target };
      if (again === null) return care.invite(link);
      return care.reinvite({ ...link, account: again.account, confirmed: confirmed.trim() });
    },
  };
}

/** The consent by which somebody speaks for the patient: their own of before, or a new one that names them. */
function useProxyConsent({ chart, again }: InvitationOf) {
  const { care } = useSession();
  const [agreed, setAgreed] = useState(false);
  const [how, setHow] = useState<Consent['given']['how']>('in-person');
  // By a try that failed afterwards: the next one for the same person goes on with it.
  const [recorded, setRecorded] = useState<{ readonly id: EventId; readonly who: string } | null>(null);
  const known = again === null ? null : findProxyConsent(chart, again.account);
  return {
    agreed,
    setAgreed,
    how,
    setHow,
    hasConsent: known !== null,
    async record(who: string, note: string): Promise<EventId> {
      if (known !== null) return known;
      if (recorded?.who === who) return recorded.id;
      const given = { ref: chart.ref, purpose: 'proxy', phone: null, how, warning: null, note } as const;
      const id = await care.giveConsent(given);
      setRecorded({ id, who });
      return id;
    },
  };
}

/** Whether the invited one has an account already, by which they write for another patient. */
function useWriter(isPossible: boolean) {
  const [entry, setEntry] = useState<'link' | 'known'>('link');
  const [chosen, choose] = useState<KnownWriter | null>(null);
  return { isPossible, isKnown: isPossible && entry === 'known', setEntry, chosen, choose };
}

function keepNumber(care: Care, ref: string, number: string): Promise<void> {
  return care.changeReach(ref, (reach) => withNumber(reach, number));
}

function withNumber(reach: Reach, number: string): Reach {
  const others = reach.phones.filter((phone) => phone.number !== number);
  return {
    ...reach,
    channel: reach.channel === 'none' ? 'link' : reach.channel,
    phones: [{ number, use: 'mobile' as const }, ...others].slice(0, 6),
  };
}
