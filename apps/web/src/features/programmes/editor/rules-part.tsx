import type { Protocol } from '@baton/clinical';
import { NativeSelect, SimpleGrid } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import style from './editor.module.css';
import { AddButton, KeyField, NumberField, placeActs, replaceAt } from './fields.tsx';
import { Part, type PartProps } from './part.tsx';

type Rung = Protocol['silence']['ladder'][number];
type Stop = Protocol['stops'][number];

const RUNGS = {
  'last-check': msg`ask once more, in other words`,
  task: msg`tell somebody`,
  stop: msg`end the programme`,
} as const;

const MOST_MINUTES = 1440;

/** Silence, what is not understood, emergencies, and when it ends. */
export function RulesPart(props: PartProps) {
  const { t } = useLingui();
  return (
    <>
      <Silence {...props} />
      <Stops {...props} />
      <Part title={t`Always`}>
        <Always {...props} />
      </Part>
    </>
  );
}

function Silence({ protocol, names, change }: PartProps) {
  const { t, i18n } = useLingui();
  const { silence } = protocol;
  const put = (part: Partial<Protocol['silence']>): void =>
    change((now) => ({ ...now, silence: { ...now.silence, ...part } }));
  const { ladder } = silence;
  const set = (next: Rung[]): void => put({ ladder: next });
  return (
    <Part title={t`Silence`}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NumberField
          label={t`Ask again after minutes`}
          min={5}
          max={MOST_MINUTES}
          value={silence.reAskMinutes}
          onChange={(reAskMinutes) => put({ reAskMinutes })}
        />
        <NumberField
          label={t`Give up after minutes`}
          min={5}
          max={MOST_MINUTES}
          value={silence.giveUpMinutes}
          onChange={(giveUpMinutes) => put({ giveUpMinutes })}
        />
      </SimpleGrid>
      {ladder.map((rung, index) => (
        // Keyed by place: two rungs can be alike while one types.
        <div key={index} className={style['rung']}>
          <NumberField
            label={t`After silent check-ins`}
            min={1}
            max={20}
            value={rung.after}
            onChange={(after) => set(replaceAt(ladder, index, { ...rung, after }))}
          />
          <NativeSelect
            label={t`Then`}
            value={rung.t}
            onChange={(event) =>
              set(replaceAt(ladder, index, rungOf(event.currentTarget.value as Rung['t'], rung.after, names)))
            }
            data={Object.entries(RUNGS).map(([value, label]) => ({ value, label: i18n._(label) }))}
          />
          {rung.t === 'last-check' && (
            <KeyField
              label={t`Asks`}
              value={rung.asks}
              options={names.questions}
              onChange={(asks) => asks !== null && set(replaceAt(ladder, index, { ...rung, asks }))}
            />
          )}
          {rung.t === 'task' && (
            <KeyField
              label={t`Somebody is told`}
              value={rung.escalation}
              options={names.escalations}
              onChange={(escalation) =>
                escalation !== null && set(replaceAt(ladder, index, { ...rung, escalation }))
              }
            />
          )}
          {rung.t === 'stop' && (
            <KeyField
              label={t`Says`}
              value={rung.say}
              options={names.advice}
              onChange={(say) => say !== null && set(replaceAt(ladder, index, { ...rung, say }))}
            />
          )}
          <AddButton label={t`Remove`} onClick={() => placeActs(ladder, index, set, 1).onRemove?.()} />
        </div>
      ))}
      <AddButton
        label={t`Rung`}
        onClick={() => set([...ladder, rungOf('task', (ladder.at(-1)?.after ?? 0) + 1, names)])}
      />
    </Part>
  );
}

function rungOf(t: Rung['t'], after: number, names: PartProps['names']): Rung {
  if (t === 'last-check') return { t, after, asks: names.questions[0] ?? '' };
  if (t === 'stop') return { t, after, say: names.advice[0] ?? '' };
  return { t, after, escalation: names.escalations[0] ?? '' };
}

const USUAL_DAYS = 30;

function Stops({ protocol, names, change }: PartProps) {
  const { t } = useLingui();
  const { stops } = protocol;
  const set = (next: Stop[]): void => change((now) => ({ ...now, stops: next }));
  const fresh = { say: names.advice[0] ?? '', sources: names.sources.slice(0, 1) };
  return (
    <Part title={t`When it ends`}>
      {stops.map((stop, index) => (
        <div key={index} className={style['rung']}>
          <NativeSelect
            label={t`It ends`}
            value={stop.t}
            onChange={(event) =>
              set(
                replaceAt(
                  stops,
                  index,
                  event.currentTarget.value === 'after-days'
                    ? { ...fresh, t: 'after-days', days: USUAL_DAYS, say: stop.say }
                    : { ...fresh, t: 'cycles-done', say: stop.say },
                ),
              )
            }
            data={[
              { value: 'after-days', label: t`after so many days` },
              { value: 'cycles-done', label: t`when all cycles are done` },
            ]}
          />
          {stop.t === 'after-days' && (
            <NumberField
              label={t`Days`}
              min={1}
              max={730}
              value={stop.days}
              onChange={(days) => set(replaceAt(stops, index, { ...stop, days }))}
            />
          )}
          <KeyField
            label={t`Says`}
            value={stop.say}
            options={names.advice}
            onChange={(say) => say !== null && set(replaceAt(stops, index, { ...stop, say }))}
          />
          <AddButton label={t`Remove`} onClick={() => set(stops.filter((_, place) => place !== index))} />
        </div>
      ))}
      {stops.length < 4 && (
        <AddButton
          label={t`Rule`}
          onClick={() => set([...stops, { ...fresh, t: 'after-days', days: USUAL_DAYS }])}
        />
      )}
    </Part>
  );
}

function Always({ protocol, names, change }: PartProps) {
  const { t } = useLingui();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <KeyField
        label={t`Words of an emergency: says`}
        value={protocol.emergency.say}
        options={names.advice}
        onChange={(say) =>
          say !== null && change((now) => ({ ...now, emergency: { ...now.emergency, say } }))
        }
      />
      <KeyField
        label={t`Words of an emergency: tells`}
        value={protocol.emergency.escalation}
        options={names.escalations}
        onChange={(escalation) =>
          escalation !== null && change((now) => ({ ...now, emergency: { ...now.emergency, escalation } }))
        }
      />
      <KeyField
        label={t`Not understood twice: tells`}
        value={protocol.unclear.escalation}
        options={names.escalations}
        onChange={(escalation) =>
          escalation !== null && change((now) => ({ ...now, unclear: { ...now.unclear, escalation } }))
        }
      />
      <NumberField
        label={t`So many ambers of a day are a red`}
        min={2}
        max={9}
        value={protocol.ambers.red}
        onChange={(red) => change((now) => ({ ...now, ambers: { ...now.ambers, red } }))}
      />
      <KeyField
        label={t`After an alert, asks`}
        value={protocol.afterAlert}
        options={names.questions}
        none={t`nothing`}
        onChange={(afterAlert) => change((now) => ({ ...now, afterAlert }))}
      />
      <KeyField
        label={t`A message out of turn answers`}
        value={protocol.anyTime}
        options={names.questions}
        none={t`nothing: it is the team’s`}
        onChange={(anyTime) => change((now) => ({ ...now, anyTime }))}
      />
    </SimpleGrid>
  );
}
