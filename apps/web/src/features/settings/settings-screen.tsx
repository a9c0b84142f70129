import { Button, Radio, SegmentedControl, Stack, Switch } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { Page, Section } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useAppearance } from '../../design/session/appearance.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { isLanguage, LANGUAGES } from '../../design/words/language.ts';
import { NoticesSection } from './notices-section.tsx';
import style from './settings.module.css';

export interface SettingsScreenProps {
  readonly onSignOut: (options: { readonly wipe: boolean }) => Promise<void>;
  readonly onShowKeys: () => void;
}

export function SettingsScreen({ onSignOut, onShowKeys }: SettingsScreenProps) {
  const { t } = useLingui();
  usePageTitle(t`Settings`);
  return (
    <Page
      title={t`Settings`}
      summary={<Trans>Kept in your account, sealed, and used on all your devices.</Trans>}
    >
      <Looks />
      <NoticesSection />
      <Writing onShowKeys={onShowKeys} />
      <Administration />
      <AccountSection onSignOut={onSignOut} />
    </Page>
  );
}

function Looks() {
  const { t } = useLingui();
  const appearance = useAppearance();
  return (
    <Section title={t`Language and looks`}>
      <div className={style['line']}>
        <span id="settings-language">
          <Trans>Language</Trans>
        </span>
        <SegmentedControl
          aria-labelledby="settings-language"
          value={appearance.language}
          onChange={(value) => isLanguage(value) && appearance.setLanguage(value)}
          data={LANGUAGES.map(({ code, name }) => ({ value: code, label: <span lang={code}>{name}</span> }))}
        />
      </div>
      <div className={style['line']}>
        <span id="settings-theme">
          <Trans>Theme</Trans>
        </span>
        <SegmentedControl
          aria-labelledby="settings-theme"
          value={appearance.theme}
          onChange={(value) => appearance.setTheme(value)}
          data={[
            { value: 'auto', label: t`Like the device` },
            { value: 'light', label: t`Light` },
            { value: 'dark', label: t`Dark` },
          ]}
        />
      </div>
      <div className={style['line']}>
        <span id="settings-density">
          <Trans>Lists</Trans>
        </span>
        <SegmentedControl
          aria-labelledby="settings-density"
          value={appearance.density}
          onChange={(value) => appearance.setDensity(value)}
          data={[
            { value: 'normal', label: t`Normal` },
            { value: 'compact', label: t`Compact` },
          ]}
        />
      </div>
    </Section>
  );
}

function Writing({ onShowKeys }: { readonly onShowKeys: () => void }) {
  const { t } = useLingui();
  const session = useSession();
  const preferences = useLive(session.preferences);
  const set = (key: string, value: string): void => {
    // Not stored now: it stays as it was, and the switch shows that.
    session.setPreference(key, value).catch(() => undefined);
  };
  return (
    <Section title={t`Writing and keyboard`}>
      <Stack gap="md" mt="md">
        <Radio.Group
          label={t`Which key sends a message`}
          value={preferences['send-key'] === 'enter' ? 'enter' : 'ctrl-enter'}
          onChange={(value) => set('send-key', value)}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="ctrl-enter" label={t`Ctrl or Cmd with Enter; Enter alone starts a new line`} />
            <Radio value="enter" label={t`Enter; Shift with Enter starts a new line`} />
          </Stack>
        </Radio.Group>
        <Switch
          label={t`Hold each message for 5 seconds before it goes out`}
          description={t`Then “Undo send” leaves no trace. Otherwise it withdraws the message, and everybody sees that.`}
          checked={preferences['undo-hold'] !== 'off'}
          onChange={(event) => set('undo-hold', event.currentTarget.checked ? 'on' : 'off')}
        />
        <Switch
          label={t`Shortcuts of a single key (J, K, R, A, H, E, /, ?)`}
          description={t`Switch them off if you dictate, or press keys by accident.`}
          checked={preferences['single-keys'] !== 'off'}
          onChange={(event) => set('single-keys', event.currentTarget.checked ? 'on' : 'off')}
        />
        <Switch
          label={t`Screen reader: read new messages aloud`}
          description={t`In the conversation that is open.`}
          checked={preferences['announce'] !== 'off'}
          onChange={(event) => set('announce', event.currentTarget.checked ? 'on' : 'off')}
        />
        <div>
          <Button variant="default" onClick={onShowKeys}>
            <Trans>Show all shortcuts</Trans>
          </Button>
        </div>
      </Stack>
    </Section>
  );
}

/** On a phone these stand nowhere else. */
function Administration() {
  const { t } = useLingui();
  const session = useSession();
  const people = session.can('people.invite');
  const agents = session.can('agent.manage') || session.can('agent.activity.read');
  const integrations = session.can('integration.manage');
  const audit = session.can('audit.read');
  if (!people && !agents && !integrations && !audit) return null;
  return (
    <Section title={t`Administration`}>
      <div className={style['buttons']}>
        {people && (
          <Button component={Link} to="/people" variant="light">
            <Trans>People and roles</Trans>
          </Button>
        )}
        {agents && (
          <Button component={Link} to="/agents" variant="light">
            <Trans>Assistants</Trans>
          </Button>
        )}
        {integrations && (
          <Button component={Link} to="/integrations" variant="light">
            <Trans>Integrations</Trans>
          </Button>
        )}
        {audit && (
          <Button component={Link} to="/audit" variant="light">
            <Trans>Audit</Trans>
          </Button>
        )}
      </div>
    </Section>
  );
}

function AccountSection({ onSignOut }: Pick<SettingsScreenProps, 'onSignOut'>) {
  const { t } = useLingui();
  const { name, orgName } = useLive(useSession().me);
  const [leaving, setLeaving] = useState<'keep' | 'wipe' | null>(null);
  return (
    <Section title={t`Account`} text={t`${name}, ${orgName}`}>
      <div className={style['buttons']}>
        <Button component={Link} to="/security" variant="light">
          <Trans>Devices and sign-in</Trans>
        </Button>
        <Button variant="default" onClick={() => setLeaving('keep')}>
          <Trans>Sign out</Trans>
        </Button>
        <Button variant="subtle" color="red" onClick={() => setLeaving('wipe')}>
          <Trans>Sign out and clear this device</Trans>
        </Button>
      </div>
      {leaving !== null && (
        <ConfirmDialog
          danger={leaving === 'wipe'}
          title={leaving === 'wipe' ? t`Sign out and clear this device?` : t`Sign out?`}
          confirm={t`Sign out`}
          onConfirm={() => onSignOut({ wipe: leaving === 'wipe' })}
          onClose={() => setLeaving(null)}
        >
          {leaving === 'wipe' ? (
            <Trans>
              Drafts and messages that have not gone out yet are lost. Everything else comes back when you
              sign in.
            </Trans>
          ) : (
            <Trans>
              Drafts stay sealed on this device. You need your passkey or passphrase to come back.
            </Trans>
          )}
        </ConfirmDialog>
      )}
    </Section>
  );
}
