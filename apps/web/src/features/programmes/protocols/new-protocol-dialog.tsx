import { canonicalProtocol, EXAMPLE_PROTOCOLS } from '@baton/clinical';
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../programmes.module.css';
import { blankProtocol } from './blank-protocol.ts';

/** Begins a draft from an example; its short name is what it is called everywhere, for good. */
export function NewProtocolDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const { programmes } = useSession();
  const protocols = useLive(programmes.protocols);
  const action = useAction();
  const language = i18n.locale === 'es' ? 'es' : 'en';
  const [chosen, setChosen] = useState<string | null>(null);
  const [id, setId] = useState('');
  const isBlank = chosen === BLANK;
  const example = isBlank
    ? blankProtocol(BLANK)
    : (EXAMPLE_PROTOCOLS.find((one) => one.id === chosen) ?? null);
  const taken = protocols.some(({ version }) => version.id === id);
  const isName = /^[a-z][a-z0-9-]{1,59}$/.test(id);
  const submit = async (): Promise<void> => {
    if (example === null) return;
    const body = canonicalProtocol({ ...example, id });
    await programmes.saveDraft({ id, version: 1, name: example.name[language].slice(0, 120), body });
    await navigate({ to: '/programmes/protocols/$protocol', params: { protocol: `${id}~1` } });
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t`New protocol`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(submit).then((done) => done && onClose());
        }}
      >
        <Stack gap="md">
          <Notice tone="waiting">
            <Trans>
              The examples are not for clinical use until your people have read every line and signed.
            </Trans>
          </Notice>
          <Radio.Group
            label={t`Begin with`}
            value={chosen ?? ''}
            onChange={(next) => {
              setChosen(next);
              // What one writes oneself has a name of its own.
              setId(next === BLANK ? '' : next);
            }}
          >
            <div className={style['examples']}>
              {EXAMPLE_PROTOCOLS.map((protocol) => (
                <Radio
                  key={protocol.id}
                  value={protocol.id}
                  label={protocol.name[language]}
                  description={firstSentence(protocol.about)}
                />
              ))}
              <Radio
                value={BLANK}
                label={t`A blank protocol`}
                description={t`One question a day, whose worst answer asks a person. Everything else is yours to write.`}
              />
            </div>
          </Radio.Group>
          <TextInput
            label={t`Short name`}
            description={t`Small letters, figures and dashes. It stays for good.`}
            value={id}
            error={
              id !== '' && !isName
                ? t`Small letters, figures and dashes, at least two.`
                : taken
                  ? t`There is one of this name. Open it to make a new version.`
                  : null
            }
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end">
            <Button type="submit" disabled={example === null || !isName || taken} loading={action.busy}>
              <Trans>Begin</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const BLANK = 'blank';

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
