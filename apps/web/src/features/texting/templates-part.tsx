import { PATIENT_GRADE, readingLevel } from '@baton/clinical';
import type { DeskTemplate } from '@baton/wire';
import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './texting.module.css';

const VARIABLES = '{patient}, {practice}, {phone}, {provider}, {date}';

/** Texts that staff choose from: messages, and results in plain language. */
export function TemplatesPart() {
  const { t } = useLingui();
  const { care } = useSession();
  const templates = useLive(care.templates);
  const [editing, setEditing] = useState<DeskTemplate | null>(null);
  return (
    <div className={style['rows']}>
      <ul className={style['templates']}>
        {templates.map((template) => (
          <li key={template.id} data-off={!template.active || undefined}>
            <button type="button" className={style['template']} onClick={() => setEditing(template)}>
              <b>{template.name}</b>
              <span className={style['kind']}>
                {template.kind === 'result' ? <Trans>test result</Trans> : <Trans>message</Trans>}
                {!template.active && (
                  <>
                    {' · '}
                    <Trans>not in use</Trans>
                  </>
                )}
              </span>
              <span className={style['excerpt']}>{template.text.en}</span>
            </button>
          </li>
        ))}
      </ul>
      <Button
        variant="subtle"
        leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
        onClick={() =>
          setEditing({
            t: 'template',
            id: care.newTemplateId(),
            kind: 'message',
            name: '',
            text: { en: '', es: '' },
            active: true,
          })
        }
      >
        <Trans>Add a text</Trans>
      </Button>
      {editing !== null && (
        <TemplateDialog
          key={editing.id}
          template={editing}
          title={t`Text of the practice`}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}

function TemplateDialog({
  template,
  title,
  onClose,
}: {
  readonly template: DeskTemplate;
  readonly title: string;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const [draft, setDraft] = useState(template);
  const change = (part: Partial<DeskTemplate>): void => setDraft({ ...draft, ...part });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(() => care.saveTemplate({ ...draft, name: draft.name.trim() }))
      .then((done) => done && onClose());
  };
  return (
    <Modal opened size="lg" onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t`Close` }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t`Name, for staff`}
            value={draft.name}
            maxLength={120}
            required
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Radio.Group
            label={t`What it is`}
            value={draft.kind}
            onChange={(value) => change({ kind: value === 'result' ? 'result' : 'message' })}
          >
            <Group gap="lg" mt={4}>
              <Radio value="message" label={t`A message`} />
              <Radio value="result" label={t`A test result: somebody looks when it is not opened`} />
            </Group>
          </Radio.Group>
          <p className={style['kind']}>{t`Filled in: ${VARIABLES}. What is not known stays visible.`}</p>
          {(['en', 'es'] as const).map((language) => (
            <Textarea
              key={language}
              lang={language}
              label={language === 'en' ? t`English` : t`Spanish`}
              autosize
              minRows={4}
              maxLength={4000}
              value={draft.text[language]}
              onChange={(event) => change({ text: { ...draft.text, [language]: event.currentTarget.value } })}
              description={<Grade text={draft.text[language]} language={language} />}
            />
          ))}
          <FailureNotice sentence={action.failure} />
          <Group justify="space-between">
            <Button variant="subtle" color="gray" onClick={() => change({ active: !draft.active })}>
              {draft.active ? <Trans>Take out of use</Trans> : <Trans>Use again</Trans>}
            </Button>
            <Group gap="sm">
              <Button variant="default" onClick={onClose}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={action.busy} disabled={draft.name.trim() === ''}>
                <Trans>Save</Trans>
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Grade({ text, language }: { readonly text: string; readonly language: 'en' | 'es' }) {
  const { t } = useLingui();
  const { words, grade } = readingLevel(text, language);
  if (words === 0) return null;
  const level = Math.max(1, Math.round(grade));
  return grade > PATIENT_GRADE
    ? t`Reads at grade ${level}: shorter sentences and plain words bring it to ${PATIENT_GRADE}.`
    : t`Reads at grade ${level}.`;
}
