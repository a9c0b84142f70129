import type { PatientDoor, PatientSession, PhonePlace } from '@baton/client';
import type { Language } from '@baton/wire';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { Arrival } from './arrival/arrival.tsx';
import { Claim } from './enter/claim.tsx';
import { Locked } from './enter/locked.tsx';
import { SignIn } from './enter/sign-in.tsx';
import { WordsCard } from './enter/words-card.tsx';
import { DoorScreen } from './look/door-screen.tsx';
import { Open } from './open.tsx';
import { LiveRegions } from './system/announcer.tsx';
import { deviceLanguage, keepDeviceLanguage } from './system/device-language.ts';
import { useIdleLock } from './system/use-idle-lock.ts';
import { textsIn } from './texts/texts.ts';
import { TextsProvider, useTexts } from './texts/use-texts.ts';

type Stage =
  | { readonly t: 'starting' }
  | { readonly t: 'arrival'; readonly fragment: string }
  | { readonly t: 'claim' }
  | { readonly t: 'words'; readonly session: PatientSession; readonly words: readonly string[] }
  | { readonly t: 'locked'; readonly triesLeft: number | null; readonly place: PhonePlace }
  | {
      readonly t: 'sign-in';
      readonly notice: 'locked.gone' | 'settings.forgotten' | null;
      readonly fromLocked: boolean;
    }
  | { readonly t: 'open'; readonly session: PatientSession; readonly offerPin: boolean };

interface PageProps {
  readonly door: PatientDoor;
  /** Of the link by which one came; null without one. */
  readonly fragment: string | null;
}

/** The patient's page, from the link to the thread. */
export function Page({ door, fragment }: PageProps) {
  const [language, setLanguage] = useState<Language>(deviceLanguage);
  const [stage, setStage] = useState<Stage>(
    fragment === null ? { t: 'starting' } : { t: 'arrival', fragment },
  );
  const [passkeys, setPasskeys] = useState(false);
  const texts = useMemo(() => textsIn(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    door.passkeySupport().then(
      ({ available }) => setPasskeys(available),
      () => undefined,
    );
  }, [door]);

  const choose = useCallback((next: Language) => {
    keepDeviceLanguage(next);
    setLanguage(next);
  }, []);
  const toggle = (): void => choose(language === 'en' ? 'es' : 'en');
  const enter = useCallback(
    (session: PatientSession, offerPin = false) => {
      const kept = session.language.read();
      if (kept !== null) choose(kept);
      else void session.setLanguage(language).catch(() => undefined);
      setStage({ t: 'open', session, offerPin });
    },
    [choose, language],
  );
  const goIn = useCallback(() => {
    const go = async (): Promise<void> => {
      const next = await goInto(door);
      if (next.t === 'open') enter(next.session);
      else setStage(next);
    };
    void go();
  }, [door, enter]);
  useEffect(() => {
    if (stage.t === 'starting') goIn();
  }, [stage.t, goIn]);
  const session = stage.t === 'open' ? stage.session : null;
  useIdleLock(session, goIn);

  return (
    <TextsProvider value={texts}>
      <LiveRegions>
        <StageScreen
          stage={stage}
          door={door}
          passkeys={passkeys}
          go={setStage}
          goIn={goIn}
          enter={enter}
          toggle={toggle}
          onLanguage={(next) => {
            choose(next);
            void session?.setLanguage(next).catch(() => undefined);
          }}
        />
      </LiveRegions>
    </TextsProvider>
  );
}

/** Where a phone begins that came without a link, was locked or was signed out. */
async function goInto(door: PatientDoor): Promise<Stage> {
  const session = await door.resume().catch(() => null);
  if (session !== null) return { t: 'open', session, offerPin: false };
  const phone = await door.phone();
  if (phone.state === 'locked') return { t: 'locked', triesLeft: phone.triesLeft, place: phone.place };
  return { t: 'sign-in', notice: null, fromLocked: false };
}

/** Where a phone goes on from which an account was removed: another one may be left. */
async function leave(door: PatientDoor): Promise<Stage> {
  const phone = await door.phone();
  if (phone.state === 'locked') return { t: 'locked', triesLeft: phone.triesLeft, place: phone.place };
  return { t: 'sign-in', notice: 'settings.forgotten', fromLocked: false };
}

interface StageProps {
  readonly stage: Stage;
  readonly door: PatientDoor;
  readonly passkeys: boolean;
  readonly go: (stage: Stage) => void;
  readonly goIn: () => void;
  readonly enter: (session: PatientSession, offerPin?: boolean) => void;
  readonly toggle: () => void;
  readonly onLanguage: (language: Language) => void;
}

function StageScreen(props: StageProps) {
  const { stage, door, passkeys, go, goIn, enter, toggle, onLanguage } = props;
  const { t } = useTexts();
  switch (stage.t) {
    case 'starting':
      return (
        <DoorScreen key="starting" title={t('page.loading')}>
          {null}
        </DoorScreen>
      );
    case 'arrival':
      return (
        <Arrival
          door={door}
          fragment={stage.fragment}
          onLanguage={toggle}
          onOpened={() => go({ t: 'claim' })}
          onElsewhere={goIn}
        />
      );
    case 'claim':
      return (
        <Claim
          door={door}
          passkeys={passkeys}
          onClaimed={({ session, words }) =>
            words === null ? enter(session) : go({ t: 'words', session, words })
          }
          onLanguage={toggle}
        />
      );
    case 'words':
      return (
        <DoorScreen key="words" title={t('words.title')} onLanguage={toggle}>
          <WordsCard words={stage.words} onKept={() => enter(stage.session)} />
        </DoorScreen>
      );
    case 'locked':
      return (
        <Locked
          key={stage.place.number}
          door={door}
          triesLeft={stage.triesLeft}
          place={stage.place}
          passkeys={passkeys}
          onSwitched={goIn}
          onOpen={(session) => enter(session)}
          onOtherWay={(reason) =>
            go({
              t: 'sign-in',
              notice: reason === 'gone' ? 'locked.gone' : null,
              fromLocked: reason === 'forgot',
            })
          }
          onLanguage={toggle}
        />
      );
    case 'sign-in':
      return (
        <SignIn
          door={door}
          passkeys={passkeys}
          notice={stage.notice === null ? null : t(stage.notice)}
          onOpen={(session, by) => enter(session, by === 'words')}
          onBack={stage.fromLocked ? goIn : null}
          onLanguage={toggle}
        />
      );
    case 'open':
      return (
        <Open
          session={stage.session}
          passkeys={passkeys}
          offerPin={stage.offerPin}
          onLanguage={onLanguage}
          onLocked={goIn}
          onForgotten={() => void leave(door).then(go)}
        />
      );
  }
}
