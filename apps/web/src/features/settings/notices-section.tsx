import type { NoticeAddress } from '@baton/client';
import type { DevicePushState } from '@baton/client-web';
import { Button, Stack, Switch, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { Section } from '../../design/primitives/pane.tsx';
import { useAppearance } from '../../design/session/appearance.ts';
import { useDevicePush } from '../../design/session/device-push-context.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './settings.module.css';

/** How I am told when somebody asks me for something. */
export function NoticesSection() {
  const { t } = useLingui();
  const session = useSession();
  const preferences = useLive(session.preferences);
  return (
    <Section
      title={t`Notices`}
      text={
        <Trans>
          A notice says how urgent it is and where to call. It never holds a patient's name or a message.
        </Trans>
      }
    >
      <Stack gap="md" mt="md">
        <OnThisDevice />
        <Switch
          label={t`Sound for STAT`}
          description={t`While Baton is open, also in the background.`}
          checked={preferences['stat-sound'] !== 'off'}
          onChange={(event) => {
            const value = event.currentTarget.checked ? 'on' : 'off';
            // Not stored now: it stays as it was, and the switch shows that.
            session.setPreference('stat-sound', value).catch(() => undefined);
          }}
        />
        <Telephone />
      </Stack>
    </Section>
  );
}

function OnThisDevice() {
  const { t } = useLingui();
  const { notices } = useSession();
  const { language } = useAppearance();
  const push = useDevicePush();
  const action = useAction();
  const [state, setState] = useState<DevicePushState>('off');
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let gone = false;
    push.state().then(
      (known) => !gone && setState(known),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [push]);
  const turn = async (on: boolean): Promise<void> => {
    if (on) {
      const key = await notices.pushKey();
      // The browser gives no reason that one could tell apart: a private window, no push service, no network to it.
      const subscription = await push.subscribe({ key, language }).catch(() => undefined);
      setRefused(subscription === undefined);
      if (subscription === undefined) return;
      if (subscription !== null) await notices.subscribePush(subscription);
    } else {
      await push.unsubscribe();
      await notices.unsubscribePush();
    }
    setState(await push.state());
  };
  const why =
    state === 'unsupported'
      ? t`This browser cannot show notices. On an iPhone, add Baton to the home screen first.`
      : state === 'blocked'
        ? t`Notices from Baton are blocked in this browser. Allow them in its settings for this site.`
        : refused
          ? t`This browser did not allow it now; a private window never does. A phone number below works without it.`
          : t`Also when Baton is closed: “STAT. Open Baton.”`;
  return (
    <>
      <Switch
        label={t`Notifications on this device`}
        description={why}
        checked={state === 'on'}
        disabled={action.busy || state === 'unsupported' || state === 'blocked'}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          void action.run(() => turn(on));
        }}
      />
      <FailureNotice sentence={action.failure} />
    </>
  );
}

const E164 = /^\+[1-9][0-9]{6,14}$/;

function Telephone() {
  const { t } = useLingui();
  const { notices } = useSession();
  const { run, busy, failure } = useAction();
  const [saved, setSaved] = useState<NoticeAddress | null>(null);
  const [phone, setPhone] = useState('');
  const [voice, setVoice] = useState(false);
  const [done, setDone] = useState(false);
  useEffect(() => {
    let gone = false;
    notices.address().then(
      (address) => {
        if (gone) return;
        setSaved(address);
        setPhone(address.phone ?? '');
        setVoice(address.voice);
      },
      // Offline: the field stays empty and saving says why.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [notices]);
  const number = phone.replaceAll(/[\s().-]/g, '');
  const isValid = number === '' || E164.test(number);
  const changed = (saved?.phone ?? '') !== number || (saved?.voice ?? false) !== voice;
  const save = async (): Promise<void> => {
    const address = await notices.setAddress({ phone: number === '' ? null : number, voice });
    setSaved(address);
    setPhone(address.phone ?? '');
  };
  return (
    <form
      className={style['phone']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) void run(save).then(setDone);
      }}
    >
      <TextInput
        type="tel"
        autoComplete="tel"
        label={t`Phone number for notices`}
        description={t`Used when no device of yours has shown a notice in time.`}
        placeholder="+1 617 555 0142"
        value={phone}
        error={isValid ? null : t`Begin with + and the country, for example +1 617 555 0142.`}
        onChange={(event) => {
          setPhone(event.currentTarget.value);
          setDone(false);
        }}
      />
      <Switch
        label={t`Call me instead of a text`}
        checked={voice}
        onChange={(event) => {
          setVoice(event.currentTarget.checked);
          setDone(false);
        }}
      />
      <FailureNotice sentence={failure} />
      <div role="status">
        {done && !changed && (
          <Notice tone="done">
            <Trans>Saved.</Trans>
          </Notice>
        )}
      </div>
      <div>
        <Button type="submit" variant="light" loading={busy} disabled={!changed || !isValid}>
          <Trans>Save the number</Trans>
        </Button>
      </div>
    </form>
  );
}
