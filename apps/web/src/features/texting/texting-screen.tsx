import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconMessageCog } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { Page, Section } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { SettingsForm } from './settings-form.tsx';
import { TemplatesPart } from './templates-part.tsx';

/** How the practice and its patients write to each other: who answers, when, by which texts. */
export function TextingScreen() {
  const { t } = useLingui();
  const session = useSession();
  const { care } = session;
  const { available, established, ready } = useLive(care.state);
  const settings = useLive(care.settings);
  const [starting, setStarting] = useState(false);
  usePageTitle(t`Patients and texting`);
  const mayChange = session.can('org.settings') && session.can('patient.registry.read');
  if (!available)
    return (
      <EmptyState title={t`This is for the teams that care for patients`}>
        <Trans>Ask an administrator for a role in one of them.</Trans>
      </EmptyState>
    );
  if (!established && !starting)
    return (
      <Page title={t`Patients and texting`}>
        <EmptyState
          icon={<IconMessageCog size={28} stroke={1.5} />}
          title={t`Not set up yet`}
          action={
            mayChange && (
              <Button onClick={() => setStarting(true)}>
                <Trans>Set it up</Trans>
              </Button>
            )
          }
        >
          <Trans>
            Then every patient has one lasting conversation with the practice, by a page or by text, and
            everything that they write has an owner.
          </Trans>
        </EmptyState>
      </Page>
    );
  const shown = settings ?? care.suggestSettings();
  return (
    <Page
      wide
      title={t`Patients and texting`}
      summary={
        established ? (
          <Trans>
            What patients are told, who owes them an answer, and when texts may go out. A change is told to
            every conversation.
          </Trans>
        ) : (
          <Trans>Look through what is suggested, change what is not yours, and start.</Trans>
        )
      }
    >
      {ready || !established ? (
        <SettingsForm
          key={established ? 'set' : 'new'}
          initial={shown}
          established={established}
          disabled={!mayChange}
          onEstablished={() => setStarting(false)}
        />
      ) : null}
      {established && (
        <Section
          title={t`Texts of the practice`}
          text={
            <Trans>Offered when somebody writes to a patient. Plain words: sixth grade is the goal.</Trans>
          }
        >
          <TemplatesPart />
        </Section>
      )}
    </Page>
  );
}
