import type { PatientDoor, PatientLinkPreview } from '@baton/client';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { WarnIcon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { codeOf, failureText } from '../texts/failure-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { CodeForm } from './code-form.tsx';
import { LinkProblem, type LinkTrouble } from './link-problem.tsx';

interface ArrivalProps {
  readonly door: PatientDoor;
  readonly fragment: string;
  readonly onLanguage: () => void;
  /** The code was right. */
  readonly onOpened: () => void;
  /** To what this phone has already, or to another way in. */
  readonly onElsewhere: () => void;
}

type Looked =
  | { readonly t: 'looking' }
  | { readonly t: 'found'; readonly preview: PatientLinkPreview }
  | { readonly t: 'trouble'; readonly trouble: LinkTrouble }
  | { readonly t: 'failed'; readonly error: unknown };

/** By the link: who invites, what this is, and the code that came another way. */
export function Arrival({ door, fragment, onLanguage, onOpened, onElsewhere }: ArrivalProps) {
  const { t } = useTexts();
  const [looked, setLooked] = useState<Looked>({ t: 'looking' });
  const look = useCallback(() => {
    setLooked({ t: 'looking' });
    door.preview(fragment).then(
      (preview) => setLooked(judge(preview)),
      (error: unknown) => setLooked(isBroken(error) ? BROKEN : { t: 'failed', error }),
    );
  }, [door, fragment]);
  useEffect(look, [look]);
  switch (looked.t) {
    case 'looking':
      return (
        <DoorScreen key="looking" title={t('arrival.checking')} onLanguage={onLanguage}>
          {null}
        </DoorScreen>
      );
    case 'failed':
      return (
        <DoorScreen key="failed" title={t('page.title')} onLanguage={onLanguage}>
          <Notice kind="amber" icon={<WarnIcon />}>
            {t(failureText(looked.error))}
          </Notice>
          <Button look="main" wide onClick={look}>
            {t('do.tryAgain')}
          </Button>
        </DoorScreen>
      );
    case 'trouble':
      return <LinkProblem trouble={looked.trouble} onLanguage={onLanguage} onElsewhere={onElsewhere} />;
    case 'found':
      return (
        <Invitation
          door={door}
          fragment={fragment}
          preview={looked.preview}
          onLanguage={onLanguage}
          onOpened={onOpened}
          onLocked={() => setLooked({ t: 'trouble', trouble: 'locked' })}
        />
      );
  }
}

const BROKEN: Looked = { t: 'trouble', trouble: 'broken' };

function judge(preview: PatientLinkPreview): Looked {
  if (preview.claimed) return { t: 'trouble', trouble: 'used' };
  if (preview.expired) return { t: 'trouble', trouble: 'expired' };
  if (preview.triesLeft === 0) return { t: 'trouble', trouble: 'locked' };
  return { t: 'found', preview };
}

/** A link that is cut short or made up: the server knows none, or what it answers does not belong to it. */
function isBroken(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return code === 'request.not_found' || code === 'request.invalid' || /^(?:wire|ledger)\./.test(code);
}

interface InvitationProps {
  readonly door: PatientDoor;
  readonly fragment: string;
  readonly preview: PatientLinkPreview;
  readonly onLanguage: () => void;
  readonly onOpened: () => void;
  readonly onLocked: () => void;
}

function Invitation({ door, fragment, preview, onLanguage, onOpened, onLocked }: InvitationProps) {
  const { t } = useTexts();
  return (
    <DoorScreen
      key="found"
      title={t('arrival.invites', { practice: preview.orgName })}
      onLanguage={onLanguage}
    >
      <p>
        {t('arrival.what')} {t('arrival.private')}
      </p>
      {preview.replacesKeys && <Notice kind="plain">{t('arrival.newPhone')}</Notice>}
      {preview.othersHere && (
        <Notice kind="plain">
          {t('arrival.others')} {t('arrival.othersDo')}
        </Notice>
      )}
      <CodeForm
        triesLeft={preview.triesLeft}
        tryCode={(code) => door.tryCode(fragment, code)}
        onFits={onOpened}
        onLocked={onLocked}
      />
      <p>{t('arrival.noCode')}</p>
    </DoorScreen>
  );
}
