import type { OrgPolicy } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { exactSpan } from '../fields/exact-span.ts';
import { Establish } from './establish.tsx';
import style from './organisation.module.css';
import { PolicyForm } from './policy-form.tsx';

/** What holds for the whole organisation. */
export function PolicyPage() {
  const { t } = useLingui();
  const session = useSession();
  const policy = useLive(session.duty.policy);
  return (
    <>
      <p className={style['summary']}>
        <Trans>
          What holds wherever a unit says nothing else. Everybody can see it; administrators set it.
        </Trans>
      </p>
      <Establish />
      {policy === null ? (
        <EmptyState title={t`No rules yet`}>
          <Trans>They begin with a duty supervisor, in whom every ladder ends.</Trans>
        </EmptyState>
      ) : session.can('duty.policy') ? (
        <PolicyForm key={JSON.stringify(policy)} saved={policy} />
      ) : (
        <PolicyWords policy={policy} />
      )}
    </>
  );
}

function PolicyWords({ policy }: { readonly policy: OrgPolicy }) {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const ladders = useLive(duty.ladders);
  const span = (ms: number): string => exactSpan(ms, i18n.locale);
  return (
    <dl className={style['facts']} data-roomy="true">
      <dt>
        <Trans>Duty supervisor</Trans>
      </dt>
      <dd>{duty.owner(policy.supervisor)?.name ?? '?'}</dd>
      {(['stat', 'talk', 'reply'] as const).map((contract) => {
        const asked = i18n._(CONTRACT_NAMES[contract]);
        const push = span(policy.notices[contract].pushMs);
        const text = span(policy.notices[contract].textMs);
        const ladder = ladders.find((one) => one.ladder === policy.ladders[contract])?.name ?? '?';
        const within =
          contract === 'stat'
            ? span(policy.statWithinMs)
            : contract === 'talk'
              ? span(policy.talkWithinMs)
              : policy.replyWithinMs.map(span).join(', ');
        return (
          <div key={contract} className={style['pair']}>
            <dt>{asked}</dt>
            <dd>{t`Within ${within}. Ladder: ${ladder}. Push after ${push}, text or call after ${text}.`}</dd>
          </div>
        );
      })}
      <dt>
        <Trans>Suggested for a first message</Trans>
      </dt>
      <dd>{i18n._(CONTRACT_NAMES[policy.opening])}</dd>
      <dt>
        <Trans>Number to call</Trans>
      </dt>
      <dd>{policy.callback ?? t`None`}</dd>
    </dl>
  );
}
