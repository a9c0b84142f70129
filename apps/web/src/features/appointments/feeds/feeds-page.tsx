import type { Feed } from '@baton/wire';
import { Button } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg, plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconFileImport } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Section } from '../../../design/primitives/pane.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { tableTime } from '../../../design/words/time-words.ts';
import style from '../appointments.module.css';
import { usePractice } from '../use-practice.ts';
import { whenWords } from '../visits/when-words.ts';
import { HeldList } from './held-list.tsx';

const KINDS: Readonly<Record<Feed['kind'], MessageDescriptor>> = {
  fhir: msg`Record system (FHIR)`,
  hl7v2: msg`Record system (HL7 v2)`,
  csv: msg`Schedule file`,
};

/** Where visits come from, how that is going, and what could not be used. */
export function FeedsPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const feeds = useLive(appointments.feeds);
  const held = useLive(appointments.held);
  const count = held.length;
  return (
    <>
      <div className={style['head']}>
        <p className={style['summary']}>
          <Trans>
            Visits come from the record system by an assistant on your own station, from a file, or by hand.
            Nothing that could not be used is lost: it waits here.
          </Trans>
        </p>
        <Button
          renderRoot={(props) => <Link {...props} to="/appointments/$part" params={{ part: 'import' }} />}
          leftSection={<IconFileImport size={18} stroke={1.7} aria-hidden="true" />}
        >
          <Trans>Take in a file</Trans>
        </Button>
      </div>
      {count > 0 && (
        <Section
          title={plural(count, { one: '# message to look at', other: '# messages to look at' })}
          text={
            <Trans>
              A message of a patient who is not known yet is tried again for 24 hours by itself. Say whose it
              is, or drop it.
            </Trans>
          }
        >
          <HeldList held={held} />
        </Section>
      )}
      <Section title={t`Sources`}>
        {feeds.length === 0 ? (
          <p className={style['none']}>
            <Trans>
              Nothing has come in yet. An administrator connects the record system under “Assistants”.
            </Trans>
          </p>
        ) : (
          <ul className={style['list']}>
            {feeds.map((feed) => (
              <FeedRow key={feed.id} feed={feed} />
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function FeedRow({ feed }: { readonly feed: Feed }) {
  const { t, i18n } = useLingui();
  const { frame } = usePractice();
  const now = useNow();
  const { taken, refused } = feed;
  const last = feed.lastAt === null ? null : whenWords(feed.lastAt, now, frame);
  return (
    <li className={style['line-row']}>
      <span className={style['grow']}>
        <b>{i18n._(KINDS[feed.kind])}</b>
        <span className={style['sub']}>
          {last === null ? t`nothing yet` : t`last ${last}`} ·{' '}
          {plural(taken, { one: '# taken in', other: '# taken in' })} ·{' '}
          {plural(refused, { one: '# not used', other: '# not used' })}
        </span>
        {feed.problems.length > 0 && (
          <details className={style['details']}>
            <summary>
              {plural(feed.problems.length, { one: '# recent problem', other: '# recent problems' })}
            </summary>
            <ul>
              {feed.problems.map((problem, index) => (
                <li key={`${problem.at} ${index}`}>
                  {tableTime(problem.at, frame)} · {problem.message} <code>{problem.code}</code>
                </li>
              ))}
            </ul>
          </details>
        )}
      </span>
    </li>
  );
}
