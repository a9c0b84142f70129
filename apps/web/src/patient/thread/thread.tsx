import type { Conversation, PatientSession, TimelineItem, TimelineMessage } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { Composer } from '../compose/composer.tsx';
import { Button } from '../look/button.tsx';
import { EmergencyFoot } from '../look/emergency-foot.tsx';
import { CloudOffIcon, DownIcon, LockIcon, WarnIcon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { useAnnouncer } from '../system/announcer.tsx';
import {
  type AskedPrompt,
  isOpen,
  promptBook,
  type PromptBook,
  waitingPrompt,
} from '../prompts/prompt-book.ts';
import { after, every } from '../system/clock.ts';
import { useAct } from '../system/use-act.ts';
import { useLive } from '../system/use-live.ts';
import { useOffline } from '../system/use-offline.ts';
import { dayText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { VisitsSheet } from '../visits/visits-sheet.tsx';
import { afterHoursUnder } from './after-hours.ts';
import { Bubble } from './bubble.tsx';
import { ClosedNote } from './closed-note.tsx';
import { stateText } from './message-state.tsx';
import { membersText } from './person-texts.ts';
import { PracticeHeader } from './practice-header.tsx';
import { ReadersSheet } from './readers-sheet.tsx';
import { type Row, rowsOf } from './rows.ts';
import style from './thread.module.css';
import { useTranscript } from './use-transcript.ts';

interface ThreadProps {
  readonly session: PatientSession;
  readonly conversation: Conversation;
  readonly about: string | null;
  readonly onChats: (() => void) | null;
  readonly onSettings: () => void;
}

/** The lasting conversation with the practice. */
export function Thread({ session, conversation, about, onChats, onSettings }: ThreadProps) {
  const { t } = useTexts();
  const id = useId();
  const card = useLive(conversation.card);
  const summary = useLive(conversation.summary);
  const alarms = useLive(session.alarms);
  const timeline = useLive(conversation.timeline);
  const [readers, setReaders] = useState(false);
  const [visits, setVisits] = useState(false);
  const book = useMemo(() => promptBook(timeline.items), [timeline.items]);
  const nowMs = useCallback(() => session.nowMs(), [session]);
  const now = useNow(nowMs);
  const practice = card?.name ?? t('thread.team');
  const offline = useOffline(session.connection);
  useEffect(() => {
    document.title = practice;
  }, [practice]);
  return (
    <div className={style['shell']}>
      {!summary.closed && (
        <a href="#write" className={style['skip']}>
          {t('page.skip')}
        </a>
      )}
      <PracticeHeader
        id={id}
        card={card}
        about={about}
        nowMs={nowMs}
        onChats={onChats}
        onSettings={onSettings}
        onVisits={book.size > 0 || timeline.hasOlder ? () => setVisits(true) : null}
      />
      <main className={style['main']}>
        <Log
          session={session}
          conversation={conversation}
          labelledBy={id}
          offline={offline}
          book={book}
          now={now}
        />
        <div className={style['write']}>
          {alarms.some(({ severity }) => severity === 'danger') && (
            <Notice kind="danger" icon={<WarnIcon />}>
              {t('thread.alarm')}
            </Notice>
          )}
          {offline && (
            <Notice kind="amber" icon={<CloudOffIcon />}>
              {t('thread.offline')}
            </Notice>
          )}
          {summary.closed || summary.blocked !== null ? (
            <Notice kind="amber" icon={<WarnIcon />}>
              {t(summary.closed ? 'thread.closed' : 'thread.blocked')}
            </Notice>
          ) : null}
          {!summary.closed && (
            <Composer conversation={conversation} card={card} waiting={waitingPrompt(book, now)} />
          )}
        </div>
      </main>
      <EmergencyFoot>
        <button type="button" onClick={() => setReaders(true)}>
          <LockIcon size={18} />
          {t('readers.title')}
        </button>
      </EmergencyFoot>
      {visits && (
        <VisitsSheet conversation={conversation} card={card} nowMs={nowMs} onClose={() => setVisits(false)} />
      )}
      {readers && (
        <ReadersSheet
          conversation={conversation}
          me={session.me}
          practice={practice}
          about={card?.about ?? null}
          onClose={() => setReaders(false)}
        />
      )}
    </div>
  );
}

interface LogProps {
  readonly session: PatientSession;
  readonly conversation: Conversation;
  readonly labelledBy: string;
  readonly offline: boolean;
  readonly book: PromptBook;
  readonly now: TimestampMs;
}

const LOOK_MS = 30_000;
const SETTLES_MS = 1200;

function Log({ session, conversation, labelledBy, offline, book, now }: LogProps) {
  const { t, count } = useTexts();
  const card = useLive(conversation.card);
  const timeline = useLive(conversation.timeline);
  const older = useAct();
  const { say } = useAnnouncer();
  const rows = useMemo(
    () => rowsOf(timeline, session.me, afterHoursUnder(timeline.items, card)),
    [timeline, session.me, card],
  );
  const { log, atEnd, toEnd } = useTranscript(conversation, timeline);
  const unread = useRef(conversation.summary.read().unread);
  // What was here before is not read out; what comes later is, by the log itself (ARIA23).
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (timeline.loading) return undefined;
    if (unread.current > 0) say(count('thread.unread', unread.current));
    unread.current = 0;
    return after(SETTLES_MS, () => setSettled(true));
  }, [timeline.loading, say, count]);
  useOwnNews(timeline.items, offline);
  return (
    <>
      <div
        ref={log}
        role="log"
        aria-labelledby={labelledBy}
        aria-live={settled && !older.busy ? 'polite' : 'off'}
        aria-relevant="additions"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className={style['log']}
      >
        <div className={style['column']}>
          {timeline.hasOlder && (
            <Button busy={older.busy} onClick={() => void older.run(() => conversation.loadOlder())}>
              {t('thread.earlier')}
            </Button>
          )}
          {timeline.loading && rows.length === 0 && <p className={style['quiet']}>{t('thread.getting')}</p>}
          {!timeline.loading && rows.length === 0 && (
            <div className={style['empty']}>
              <h2>{t('thread.empty')}</h2>
              <p>{t('thread.emptyDo')}</p>
            </div>
          )}
          <ul className={style['list']}>
            {rows.map((row) => (
              <li key={row.key} {...marksOf(row)}>
                {row.t === 'message' ? (
                  <Bubble
                    message={row.message}
                    first={row.first}
                    conversation={conversation}
                    card={card}
                    offline={offline}
                    {...promptOf(row.message, book, now)}
                  />
                ) : (
                  <OtherRow row={row} card={card} nowMs={() => session.nowMs()} />
                )}
              </li>
            ))}
          </ul>
        </div>
      </div>
      {!atEnd && (
        <div className={style['jump']}>
          <Button icon={<DownIcon size={20} />} onClick={toEnd}>
            {t('thread.toNewest')}
          </Button>
        </div>
      )}
    </>
  );
}

/** The question that a message is, or answers. */
function promptOf(
  { id, answers }: TimelineMessage,
  book: PromptBook,
  now: TimestampMs,
): { readonly asked: AskedPrompt | null; readonly open: boolean } {
  const asked = book.get(id) ?? (answers === null ? undefined : book.get(answers.prompt)) ?? null;
  return { asked, open: asked !== null && isOpen(asked, now) };
}

/** The time, as far as questions run out. */
function useNow(nowMs: () => TimestampMs): TimestampMs {
  const [now, setNow] = useState(nowMs);
  useEffect(() => every(LOOK_MS, () => setNow(nowMs())), [nowMs]);
  return now;
}

function marksOf(row: Row): Readonly<Record<string, string | number | boolean>> {
  if (row.t === 'new') return { 'data-new': true };
  const seq = row.t === 'message' ? row.message.seq : row.t === 'problem' ? row.seq : null;
  return seq === null ? {} : { 'data-seq': seq };
}

function OtherRow({
  row,
  card,
  nowMs,
}: {
  readonly row: Exclude<Row, { readonly t: 'message' }>;
  readonly card: PracticeCard | null;
  readonly nowMs: () => number;
}) {
  const texts = useTexts();
  const { t } = texts;
  switch (row.t) {
    case 'day':
      return <h2 className={style['day']}>{dayText(row.at, nowMs(), texts)}</h2>;
    case 'new':
      return <p className={style['new']}>{t('thread.new')}</p>;
    case 'event': {
      const names = membersText(row.members, card?.about ?? null, texts);
      return <p className={style['event']}>{t(row.joined ? 'thread.joined' : 'thread.left', { names })}</p>;
    }
    case 'closed':
      return <ClosedNote card={card} />;
    case 'problem':
      return (
        <Notice kind="amber" icon={<WarnIcon />}>
          {t('thread.problem')}
        </Notice>
      );
  }
}

/** Says how the newest own message fares, once for each step; a failure at once. */
function useOwnNews(items: readonly TimelineItem[], offline: boolean): void {
  const texts = useTexts();
  const { say, warn } = useAnnouncer();
  const said = useRef<string | null>(null);
  const newest = items.findLast((item) => item.type === 'message' && item.mine);
  useEffect(() => {
    if (newest?.type !== 'message') return;
    const now = `${newest.id} ${newest.state}`;
    const before = said.current;
    said.current = now;
    if (before === null || before === now) return;
    const text = stateText(newest, offline, texts);
    if (newest.state === 'failed') warn(text);
    else if (newest.state !== 'waiting') say(text);
  }, [newest, offline, texts, say, warn]);
}
