import { CONTRACTS, type OrgPolicy } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { IconAction } from '../../../design/primitives/icon-action.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { Section } from '../../../design/primitives/pane.tsx';
import { useAnnouncer } from '../../../design/session/live-region.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { DurationField } from '../fields/duration-field.tsx';
import { LadderSelect, RoleSelect } from './choices.tsx';
import style from './organisation.module.css';

const ASKS = ['stat', 'talk', 'reply'] as const;
const MAX_TIMES = 8;
const HOUR = 3_600_000;

/** The organisation's rules, all on one page. */
export function PolicyForm({ saved }: { readonly saved: OrgPolicy }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const announcer = useAnnouncer();
  const [draft, setDraft] = useState<OrgPolicy>(saved);
  const action = useAction();
  const change = (part: Partial<OrgPolicy>): void => setDraft((old) => ({ ...old, ...part }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved);
  const distinct = new Set(draft.replyWithinMs).size === draft.replyWithinMs.length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(() => duty.savePolicy(draft)).then((done) => done && announcer.say(t`Saved`));
      }}
    >
      <Section title={t`Where every ladder ends`}>
        <div className={style['fields']}>
          <RoleSelect
            label={t`Duty supervisor`}
            description={t`Reached last, every time, until somebody acknowledges. With nobody on duty, every holder is reached.`}
            none={t`Choose a role`}
            value={draft.supervisor}
            onChange={(supervisor) => supervisor !== null && change({ supervisor })}
          />
          <TextInput
            label={t`Number to call, where a unit has none`}
            type="tel"
            maxLength={60}
            value={draft.callback ?? ''}
            onChange={(event) =>
              change({ callback: event.currentTarget.value === '' ? null : event.currentTarget.value })
            }
          />
        </div>
      </Section>
      <Section title={t`Ladders`}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md" mt="sm">
          {ASKS.map((contract) => (
            <LadderSelect
              key={contract}
              label={i18n._(CONTRACT_NAMES[contract])}
              value={draft.ladders[contract]}
              onChange={(ladder) =>
                ladder !== null && change({ ladders: { ...draft.ladders, [contract]: ladder } })
              }
            />
          ))}
        </SimpleGrid>
      </Section>
      <Section title={t`Times that are offered`}>
        <div className={style['fields']}>
          <DurationField
            label={t`STAT, acknowledged within`}
            ms={draft.statWithinMs}
            onChange={(statWithinMs) => change({ statWithinMs })}
          />
          <DurationField
            label={t`Call me, within`}
            ms={draft.talkWithinMs}
            onChange={(talkWithinMs) => change({ talkWithinMs })}
          />
          <ReplyTimes times={draft.replyWithinMs} onChange={(replyWithinMs) => change({ replyWithinMs })} />
          {!distinct && (
            <p className={style['problem']} role="alert">
              <Trans>Two of these times are the same.</Trans>
            </p>
          )}
        </div>
      </Section>
      <Section title={t`Suggested when a message opens an exchange`}>
        <SegmentedControl
          mt="sm"
          size="sm"
          aria-label={t`Suggested when a message opens an exchange`}
          value={draft.opening}
          onChange={(opening) => change({ opening })}
          data={CONTRACTS.map((contract) => ({ value: contract, label: i18n._(CONTRACT_NAMES[contract]) }))}
        />
      </Section>
      <NoticeTimes draft={draft} onChange={(notices) => change({ notices })} />
      <FailureNotice sentence={action.failure} />
      <Group gap="sm" mt="lg">
        <Button type="submit" disabled={!isChanged || !distinct} loading={action.busy}>
          <Trans>Save the rules</Trans>
        </Button>
        {isChanged && (
          <Button variant="default" onClick={() => setDraft(saved)}>
            <Trans>Discard changes</Trans>
          </Button>
        )}
      </Group>
    </form>
  );
}

function ReplyTimes({
  times,
  onChange,
}: {
  readonly times: readonly number[];
  readonly onChange: (times: number[]) => void;
}) {
  const { t } = useLingui();
  return (
    <fieldset className={style['presets']}>
      <legend>
        <Trans>Reply, within. The first is suggested.</Trans>
      </legend>
      {times.map((ms, index) => {
        const number = index + 1;
        return (
          <div key={index} className={style['preset']}>
            <DurationField
              hidden
              label={t`Reply time ${number}`}
              ms={ms}
              onChange={(fresh) => onChange(times.map((one, at) => (at === index ? fresh : one)))}
            />
            <IconAction
              size="small"
              label={t`Take out reply time ${number}`}
              disabled={times.length === 1}
              onClick={() => onChange(times.filter((_, at) => at !== index))}
            >
              <IconTrash size={17} stroke={1.7} />
            </IconAction>
          </div>
        );
      })}
      <div>
        <Button
          size="compact-sm"
          variant="light"
          disabled={times.length >= MAX_TIMES}
          leftSection={<IconPlus size={16} stroke={1.8} aria-hidden="true" />}
          onClick={() => onChange([...times, Math.max(...times) + HOUR])}
        >
          <Trans>Add a time</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

function NoticeTimes({
  draft,
  onChange,
}: {
  readonly draft: OrgPolicy;
  readonly onChange: (notices: OrgPolicy['notices']) => void;
}) {
  const { t, i18n } = useLingui();
  return (
    <Section
      title={t`When no device confirms`}
      text={<Trans>Counted from each step. Notices never hold anything of the message.</Trans>}
    >
      <div className={style['notices']}>
        {ASKS.map((contract) => {
          const asked = i18n._(CONTRACT_NAMES[contract]);
          const times = draft.notices[contract];
          const change = (part: Partial<typeof times>): void =>
            onChange({ ...draft.notices, [contract]: { ...times, ...part } });
          return (
            <div key={contract} className={style['notice-row']} role="group" aria-label={asked}>
              <b>{asked}</b>
              <DurationField
                label={t`Push after`}
                ms={times.pushMs}
                onChange={(pushMs) => change({ pushMs })}
              />
              <DurationField
                label={t`Text or call after`}
                ms={times.textMs}
                onChange={(textMs) => change({ textMs })}
              />
            </div>
          );
        })}
      </div>
    </Section>
  );
}
