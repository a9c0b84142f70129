import type { Member, Person } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { IconUserMinus } from '@tabler/icons-react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { MemberLine, useMemberWords } from '../../design/primitives/member-line.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { shortDate } from '../../design/words/time-words.ts';
import style from './members.module.css';

export interface ReaderRowProps {
  readonly member: Member;
  /** Sees only what came after joining. */
  readonly partly: boolean;
  readonly onRemove: (() => void) | null;
}

export function ReaderRow({ member, partly, onRemove }: ReaderRowProps) {
  const { t } = useLingui();
  const words = useMemberWords(member);
  const { name } = member;
  return (
    <li className={style['reader']}>
      <div className={style['reader-line']}>
        <MemberLine
          member={member}
          about={partly ? t`${words} · sees only what came after joining` : words}
          after={
            onRemove !== null && (
              <IconAction size="small" side="left" label={t`Remove ${name}`} onClick={onRemove}>
                <IconUserMinus size={17} stroke={1.7} />
              </IconAction>
            )
          }
        />
      </div>
      {member.kind !== 'role' && <KeyFacts person={member} />}
    </li>
  );
}

/** Trust in words. */
function KeyFacts({ person }: { readonly person: Person }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const { keysChanged, name } = person;
  const when = keysChanged === null ? '' : shortDate(keysChanged.at, now, frame);
  return (
    <>
      {!person.verified && (
        <Notice tone="waiting">
          {person.problem ?? t`${name} is not verified by your organisation and gets no key.`}
        </Notice>
      )}
      {keysChanged !== null && (
        <Notice tone="info">
          {t`${name}'s keys changed on ${when}.`} {keysChanged.reason}
        </Notice>
      )}
    </>
  );
}
