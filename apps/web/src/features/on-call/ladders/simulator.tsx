import type { Finding, LadderPreview } from '@baton/client';
import { type OwnerId, parseId } from '@baton/kernel';
import type { Ladder } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { OwnerFace } from '../../../design/batons/owner-words.tsx';
import { ExactTime } from '../../../design/primitives/exact-time.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { exactSpan } from '../fields/exact-span.ts';
import { clockTime, dayTitle, weekdayWord } from '../../../design/words/time-words.ts';
import { ClockField } from '../fields/clock-field.tsx';
import { deviceTimeZone, instantOf, wallTimeOf } from '../schedule/zoned-time.ts';
import { findingSentence, keepsFromSaving } from './finding-words.ts';
import style from './ladders.module.css';

const DAYS = 7;
const CONTRACTS = ['stat', 'talk', 'reply'] as const;
type AskContract = (typeof CONTRACTS)[number];

export interface Simulation {
  readonly to: OwnerId | null;
  readonly contract: AskContract;
  readonly at: number;
  readonly steps: readonly LadderPreview[];
  readonly findings: readonly Finding[];
  readonly repeatMs: number;
  readonly setTo: (to: OwnerId) => void;
  readonly setContract: (contract: AskContract) => void;
  readonly setAt: (at: number) => void;
}

/** Plays a message through the ladder as it stands in the form. */
export function useSimulation(ladder: Ladder): Simulation {
  const { duty } = useSession();
  const now = useNow(60_000);
  const rows = useLive(duty.roles);
  const policy = useLive(duty.policy);
  const uses = policy === null ? undefined : CONTRACTS.find((one) => policy.ladders[one] === ladder.ladder);
  const [contract, setContract] = useState<AskContract>(uses ?? 'stat');
  const [to, setTo] = useState<OwnerId | null>(null);
  const [chosenAt, setAt] = useState<number | null>(null);
  const owner =
    to ?? rows.find(({ role }) => role.use === 'duty' && role.id !== policy?.supervisor)?.role.id ?? null;
  const at = chosenAt ?? now;
  const withinMs =
    contract === 'stat'
      ? (policy?.statWithinMs ?? 0)
      : contract === 'talk'
        ? (policy?.talkWithinMs ?? 0)
        : (policy?.replyWithinMs[0] ?? 0);
  const { steps, findings } =
    owner === null || policy === null
      ? { steps: [], findings: [] }
      : duty.preview({ to: owner, contract, withinMs, at, ladder });
  return { to: owner, contract, at, steps, findings, repeatMs: ladder.repeatMs, setTo, setContract, setAt };
}

/** Who would be reached when, if nobody answered. */
export function Simulator({ simulation }: { readonly simulation: Simulation }) {
  const { t, i18n } = useLingui();
  const { contract, steps, findings, repeatMs } = simulation;
  const repeat = exactSpan(repeatMs, i18n.locale);
  return (
    <section className={style['simulator']} aria-label={t`Try it out`}>
      <h3>
        <Trans>Try it out</Trans>
      </h3>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t`What is asked`}
        value={contract}
        onChange={(value) => simulation.setContract(value)}
        data={CONTRACTS.map((one) => ({ value: one, label: i18n._(CONTRACT_NAMES[one]) }))}
      />
      <AddressedSelect simulation={simulation} />
      <WhenFields simulation={simulation} />
      <div aria-live="polite" className={style['result']}>
        <h4>
          <Trans>If nobody answers</Trans>
        </h4>
        <ol className={style['timeline']}>
          {steps.map((step, index) => (
            <TimelineStep key={index} step={step} from={simulation.at} />
          ))}
        </ol>
        {steps.length > 0 && (
          <p className={style['quiet']}>
            <Trans>Then again every {repeat}, until somebody acknowledges.</Trans>
          </p>
        )}
        <FindingList findings={findings} />
      </div>
    </section>
  );
}

function AddressedSelect({ simulation }: { readonly simulation: Simulation }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const rows = useLive(duty.roles);
  const queues = useLive(duty.queues).filter(({ active }) => active);
  const byName = (a: { label: string }, b: { label: string }): number =>
    a.label.localeCompare(b.label, i18n.locale);
  return (
    <NativeSelect
      size="sm"
      label={t`Sent to`}
      value={simulation.to ?? ''}
      onChange={(event) => {
        const { value } = event.currentTarget;
        const id = parseId('role', value) ?? parseId('queue', value);
        if (id !== null) simulation.setTo(id);
      }}
      data={[
        {
          group: t`Roles`,
          items: rows.map(({ role }) => ({ value: role.id as string, label: role.name })).sort(byName),
        },
        ...(queues.length === 0
          ? []
          : [
              {
                group: t`Queues`,
                items: queues.map(({ queue, name }) => ({ value: queue as string, label: name })),
              },
            ]),
      ]}
    />
  );
}

function WhenFields({ simulation }: { readonly simulation: Simulation }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const zone = deviceTimeZone();
  const wall = wallTimeOf(simulation.at, zone);
  const today = wallTimeOf(now, zone).day;
  return (
    <div className={style['when']}>
      <NativeSelect
        size="sm"
        label={t`Day`}
        value={String(wall.day - today)}
        onChange={(event) =>
          simulation.setAt(instantOf({ ...wall, day: today + Number(event.currentTarget.value) }, zone))
        }
        data={Array.from({ length: DAYS }, (_, index) => ({
          value: String(index),
          label: dayTitle(instantOf({ day: today + index, minute: 720 }, zone), now, frame),
        }))}
      />
      <ClockField
        label={t`Time`}
        minute={wall.minute}
        onChange={(minute) => simulation.setAt(instantOf({ ...wall, minute }, zone))}
      />
    </div>
  );
}

function TimelineStep({ step, from }: { readonly step: LadderPreview; readonly from: number }) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  const after = step.at - from;
  const names = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(
    step.reaches.map(({ name }) => name),
  );
  const day = step.at - from >= 86_400_000 ? `${weekdayWord(step.at, frame)} ` : '';
  const span = exactSpan(after, i18n.locale);
  return (
    <li className={style['moment']} data-empty={step.empty || undefined}>
      <span className={style['at']}>
        <ExactTime at={step.at}>{`${day}${clockTime(step.at, frame)}`}</ExactTime>
        <span className={style['quiet']}>{after === 0 ? t`at once` : `+ ${span}`}</span>
      </span>
      <OwnerFace owner={step.target} />
      <span className={style['who']}>
        <b>{step.target.name}</b>
        {step.empty ? (
          <span className={style['empty']}>
            <Trans>Nobody on duty: goes on at once</Trans>
          </span>
        ) : (
          names !== step.target.name && <span className={style['quiet']}>{names}</span>
        )}
      </span>
    </li>
  );
}

function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  const { t, i18n } = useLingui();
  if (findings.length === 0) return null;
  const sentences = [...new Map(findings.map((one) => [findingSentence(one, i18n), one]))];
  return (
    <ul className={style['findings']}>
      {sentences.map(([sentence, finding]) => (
        <li
          key={sentence}
          data-blocks={keepsFromSaving(finding) || undefined}
          data-severity={finding.severity}
        >
          {finding.severity === 'problem' ? (
            <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
          ) : (
            <IconInfoCircle size={16} stroke={1.8} aria-hidden="true" />
          )}
          <span>
            {sentence}
            {keepsFromSaving(finding) && ` ${t`This must be put right before it can be saved.`}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
