import type { ProtocolView } from '@baton/client';
import type { Protocol } from '@baton/clinical';
import { encodeHex } from '@baton/kernel';
import type { ProtocolSigner } from '@baton/wire';
import { Button, Checkbox } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { ERROR_SENTENCES } from '../../../design/words/error-sentences.ts';
import { tableTime } from '../../../design/words/time-words.ts';
import style from '../programmes.module.css';
import { FLAW_SENTENCES } from '../words.ts';
import type { Explored } from './use-exploration.ts';

/** Two people, one as author and one as clinician, each by a key of their own device. */
export function SignaturesPart({
  view,
  explored,
  changed,
  protocol,
}: {
  readonly view: ProtocolView;
  readonly explored: Explored;
  readonly changed: boolean;
  readonly protocol: Protocol | null;
}) {
  const { i18n } = useLingui();
  const [read, setRead] = useState(false);
  const isClean = explored.t === 'done' && explored.exploration.problems.length === 0;
  const hasReview = protocol !== null && Object.values(protocol.translations).includes('for-review');
  const { mayRun, why, version } = view;
  return (
    <div className={style['check']}>
      {mayRun ? (
        <Notice tone="done">
          <Trans>
            Signed by both. It runs for the patients that are enrolled on it, and does not change any more.
          </Trans>
        </Notice>
      ) : (
        why !== null && <Notice tone="waiting">{i18n._(FLAW_SENTENCES[why])}</Notice>
      )}
      {!mayRun && !isClean && (
        <Notice tone="danger">
          <Trans>Signing is possible once the check has gone through everything and found no fault.</Trans>
        </Notice>
      )}
      {!mayRun && changed && (
        <Notice tone="waiting">
          <Trans>Save your changes first: what is signed is the saved document.</Trans>
        </Notice>
      )}
      {!mayRun && hasReview && (
        <Notice tone="waiting">
          <Trans>Texts of one language wait for a qualified translator.</Trans>
        </Notice>
      )}
      {!mayRun && (view.canSign.author || view.canSign.clinician) && (
        <Checkbox
          label={
            <Trans>
              I have read every question, every text to patients, every threshold and every clock of this
              version.
            </Trans>
          }
          checked={read}
          onChange={(event) => setRead(event.currentTarget.checked)}
        />
      )}
      <ul className={style['signatures']}>
        {(['author', 'clinician'] as const).map((as) => (
          <Signature key={as} as={as} view={view} ready={isClean && !changed && read} />
        ))}
      </ul>
      <p className={style['quiet']}>
        <Trans>
          Fingerprint of the document: <code>{encodeHex(version.hash).slice(0, 32)}</code>
        </Trans>
      </p>
    </div>
  );
}

function Signature({
  as,
  view,
  ready,
}: {
  readonly as: ProtocolSigner;
  readonly view: ProtocolView;
  readonly ready: boolean;
}) {
  const { t, i18n } = useLingui();
  const { programmes } = useSession();
  const frame = useTimeFrame();
  const action = useAction();
  const signed = view[as];
  const refused = view.refused[as];
  return (
    <li data-signed={signed !== null || undefined}>
      {signed ? (
        <IconCircleCheck size={22} stroke={1.7} aria-hidden="true" />
      ) : (
        <IconCircleDashed size={22} stroke={1.7} aria-hidden="true" />
      )}
      <span>
        <b>{as === 'author' ? t`Author` : t`Clinician`}</b>
        <span className={style['quiet']}>
          {as === 'author' ? t`wrote it, and answers for its words` : t`answers for its clinical content`}
        </span>
        {signed && (
          <span>
            {signed.person.name}, {tableTime(signed.at, frame)}
          </span>
        )}
        {refused !== null && (
          <span className={style['danger']}>
            <Trans>There is a signature that does not count.</Trans> {i18n._(ERROR_SENTENCES[refused])}
          </span>
        )}
        <FailureNotice sentence={action.failure} />
      </span>
      {view.canSign[as] && (
        <Button
          disabled={!ready}
          loading={action.busy}
          onClick={() => void action.run(() => programmes.sign(view.version.id, view.version.version, as))}
        >
          {as === 'author' ? t`Sign as author` : t`Sign as clinician`}
        </Button>
      )}
    </li>
  );
}
