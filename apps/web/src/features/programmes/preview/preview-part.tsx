import type { Protocol } from '@baton/clinical';
import type { Language } from '@baton/wire';
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { Notice } from '../../../design/primitives/notice.tsx';
import { spanWords } from '../../../design/words/span-words.ts';
import { LANGUAGE_NAMES, OUTCOME_NAMES } from '../words.ts';
import { Chat } from './chat.tsx';
import style from './preview.module.css';
import {
  answerPreview,
  choosePreview,
  photoPreview,
  type Preview,
  type PreviewSetup,
  type PreviewStart,
  startPreview,
  startsOf,
  waitPreview,
} from './preview-run.ts';

const STARTS: Readonly<Record<PreviewStart, ReturnType<typeof msg>>> = {
  usual: msg`a usual day`,
  doses: msg`a day with tablets`,
  off: msg`a day off`,
  held: msg`a day on hold`,
  stale: msg`a plan that nobody stands for`,
};

/** Talks with the draft as it stands, by the engine that runs it. Nothing of it is kept. */
export function PreviewPart({ protocol }: { readonly protocol: Protocol | null }) {
  const { t } = useLingui();
  if (protocol === null)
    return (
      <Notice tone="waiting">
        <Trans>The document is not whole yet. Once it is, it can be tried here.</Trans>
      </Notice>
    );
  return (
    <section className={style['preview']} aria-label={t`Preview`}>
      <Tried protocol={protocol} />
    </section>
  );
}

function Tried({ protocol }: { readonly protocol: Protocol }) {
  const { t, i18n } = useLingui();
  const shown = i18n.locale === 'es' ? 'es' : 'en';
  const first = protocol.slots[0]?.id ?? '';
  const [setup, setSetup] = useState<PreviewSetup>({
    slot: first,
    start: startsOf(protocol, first)[0] ?? 'usual',
    language: shown,
  });
  const [preview, setPreview] = useState<Preview | null>(null);
  const change = (part: Partial<PreviewSetup>): void => {
    const slot = part.slot ?? setup.slot;
    const starts = startsOf(protocol, slot);
    const start = part.start ?? (starts.includes(setup.start) ? setup.start : (starts[0] ?? 'usual'));
    setSetup({ ...setup, ...part, slot, start });
    setPreview(null);
  };
  return (
    <>
      <Group gap="sm" align="end">
        <NativeSelect
          label={t`Check-in`}
          value={setup.slot}
          onChange={(event) => change({ slot: event.currentTarget.value })}
          data={protocol.slots.map(({ id, name }) => ({ value: id, label: name[shown] }))}
        />
        <NativeSelect
          label={t`On`}
          value={setup.start}
          onChange={(event) => change({ start: event.currentTarget.value as PreviewStart })}
          data={startsOf(protocol, setup.slot).map((value) => ({ value, label: i18n._(STARTS[value]) }))}
        />
        <NativeSelect
          label={t`In`}
          value={setup.language}
          onChange={(event) => change({ language: event.currentTarget.value as Language })}
          data={(['en', 'es'] as const).map((value) => ({ value, label: i18n._(LANGUAGE_NAMES[value]) }))}
        />
        <Button
          variant={preview === null ? 'filled' : 'default'}
          onClick={() => setPreview(startPreview(protocol, setup))}
        >
          {preview === null ? <Trans>Begin</Trans> : <Trans>Begin again</Trans>}
        </Button>
      </Group>
      <p className={style['note']}>
        <Trans>
          A made-up patient, plan and thresholds; the questions, answers and alerts are those of this
          document.
        </Trans>
      </p>
      {preview !== null && <Talk protocol={protocol} preview={preview} onChange={setPreview} />}
    </>
  );
}

function Talk({
  protocol,
  preview,
  onChange,
}: {
  readonly protocol: Protocol;
  readonly preview: Preview;
  readonly onChange: (preview: Preview) => void;
}) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState('');
  const { prompt, due, over, nowMs, state } = preview;
  const span = due === null ? '' : spanWords(due.atMs - nowMs, i18n.locale);
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    onChange(answerPreview(protocol, preview, text.trim()));
    setText('');
  };
  return (
    <Chat label={t`Conversation`} lines={preview.lines} live>
      {over ? (
        <p className={style['over']} role="status">
          <Trans>The dialogue is over: {i18n._(OUTCOME_NAMES[state.outcome])}.</Trans>
        </p>
      ) : (
        <div className={style['answer']}>
          <div className={style['choices']} role="group" aria-label={t`Answers`}>
            {(prompt?.choices ?? []).map(({ key, label }) => (
              <Button
                key={key}
                size="compact-md"
                variant="light"
                onClick={() => onChange(choosePreview(protocol, preview, key))}
              >
                {key} {label}
              </Button>
            ))}
            {prompt?.asks === 'photo' && (
              <Button
                size="compact-md"
                variant="light"
                onClick={() => onChange(photoPreview(protocol, preview, t`[a photo]`))}
              >
                <Trans>Send a photo</Trans>
              </Button>
            )}
            {due !== null && (
              <Button
                size="compact-md"
                variant="default"
                onClick={() => onChange(waitPreview(protocol, preview, t`${span} later, no answer`))}
              >
                {t`No answer for ${span}`}
              </Button>
            )}
          </div>
          <form onSubmit={send} className={style['write']}>
            <TextInput
              aria-label={t`Answer as the patient would write it`}
              placeholder={t`Answer as the patient would write it`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit">
              <Trans>Send</Trans>
            </Button>
          </form>
        </div>
      )}
    </Chat>
  );
}
