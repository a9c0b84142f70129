import type { ExplorationProblem, ProtocolProblem } from '@baton/clinical';
import { Loader } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Notice } from '../../../design/primitives/notice.tsx';
import { Chat } from '../preview/chat.tsx';
import style from '../programmes.module.css';
import type { Explored } from './use-exploration.ts';

const MOST = 1e6;

/** What going through every dialogue found. A fault is shown as the dialogue that gets there. */
export function ExplorationPart({
  explored,
  changed,
  shape,
}: {
  readonly explored: Explored;
  readonly changed: boolean;
  readonly shape: readonly ProtocolProblem[];
}) {
  const { t, i18n } = useLingui();
  if (shape.length > 0)
    return (
      <div className={style['check']}>
        <Notice tone="danger">
          <Trans>The document is not whole yet. Only a whole one can be gone through.</Trans>
        </Notice>
        <ul className={style['shape']}>
          {shape.map(({ path, words }) => (
            <li key={`${path}${words}`}>
              <code>{path === '' ? '·' : path}</code> {words}
            </li>
          ))}
        </ul>
      </div>
    );
  if (explored.t === 'none' || explored.t === 'failed')
    return (
      <Notice tone="danger">
        <Trans>This document could not be gone through here. Without that it is not to be signed.</Trans>
      </Notice>
    );
  if (explored.t === 'running')
    return (
      <p className={style['running']} role="status">
        <Loader size="sm" />
        <Trans>Going through every dialogue that a patient can have…</Trans>
      </p>
    );
  const { problems, states, steps, paths, ends } = explored.exploration;
  const number = new Intl.NumberFormat(i18n.locale);
  const dialogues = paths > MOST ? t`more than a million` : number.format(paths);
  return (
    <div className={style['check']}>
      {changed && (
        <Notice tone="waiting">
          <Trans>You have changes that are not saved. This is about the saved document.</Trans>
        </Notice>
      )}
      {problems.length === 0 ? (
        <Notice tone="done" role="status">
          <Trans>
            Every dialogue ends in advice, a task of somebody, a time to ask again, or the end. Nothing was
            found that speaks against signing.
          </Trans>
        </Notice>
      ) : (
        <Notice tone="danger" role="status">
          {t`${plural(problems.length, { one: '# fault', other: '# faults' })}. It is not to be signed like this.`}
        </Notice>
      )}
      <dl className={style['facts']}>
        {(
          [
            [t`Dialogues`, dialogues],
            [t`Different states`, number.format(states)],
            [t`Answers tried`, number.format(steps)],
            [t`Ends in advice`, number.format(ends.advice)],
            [t`Ends in a task`, number.format(ends.task)],
            [t`Asked again`, number.format(ends.reAsk)],
            [t`Ends`, number.format(ends.end)],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {problems.map((problem) => (
        <Problem key={`${problem.rule} ${problem.at} ${problem.words}`} problem={problem} />
      ))}
    </div>
  );
}

function Problem({ problem: { rule, at, words, dialogue } }: { readonly problem: ExplorationProblem }) {
  const { t } = useLingui();
  return (
    <article className={style['problem']} aria-label={t`Fault at ${at}`}>
      <p>
        <b>{words}</b>
      </p>
      <p className={style['quiet']}>
        <code>{rule}</code> · <code>{at}</code>
      </p>
      {dialogue.length > 0 && (
        <>
          <p className={style['quiet']}>
            <Trans>How a patient gets there:</Trans>
          </p>
          <Chat label={t`Dialogue that gets there`} lines={dialogue} />
        </>
      )}
    </article>
  );
}
